import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkSignInLimit } from '#access/sign-in-limits.ts';
import { domainLimits } from '#domain/limits.ts';
import { type Admin, startAdmin } from '../admin/admin-client.ts';
import { newName } from '../dialects/scim/scim-client.ts';

const password = 'a staple of correct horses';
let admin: Admin;

beforeAll(async () => {
  admin = await startAdmin({ trustedProxies: ['127.0.0.1'] });
});
afterAll(() => admin.stop());

async function makePerson() {
  const name = newName();
  return { name, id: await admin.makePerson({ name, password }) };
}

/** Somebody tries to sign in from an address; gives the status. */
async function enterFrom(address: string, name: string, secret = password): Promise<number> {
  const from = { 'X-Forwarded-For': address };
  return (await admin.nobody.send('POST', '/sessions', { name, password: secret }, from)).status;
}

/** Somebody tries wrong passwords until his network has no more tries with the name. */
async function failFrom(address: string, name: string): Promise<void> {
  for (let tries = 0; tries < domainLimits.failedSignInsPerName; tries += 1) {
    expect(await enterFrom(address, name, 'wrong')).toBe(401);
  }
  expect(await enterFrom(address, name)).toBe(429);
}

test('T-16: a stranger’s tries lock nobody out: who is meant signs in from elsewhere, and stays signed in', async () => {
  const [victim, other] = [await makePerson(), await makePerson()];
  const [stranger, elsewhere] = ['203.0.113.1', '198.51.100.1'];
  const session = await admin.signIn({ name: victim.name, password });
  await failFrom(stranger, victim.name);
  expect((await session.get('/openapi.json')).status).toBe(200);
  expect(await enterFrom(elsewhere, victim.name)).toBe(201);
  expect(await enterFrom(stranger, other.name)).toBe(201);
  expect(await enterFrom(stranger, victim.name)).toBe(429);
  expect((await admin.admin.post(`/users/${victim.id}/unlock`)).body).toEqual({ wasLocked: false });
  expect(await enterFrom(stranger, victim.name)).toBe(201);
});

test('T-16: thirty tries from three networks lock a person out until an admin lets him in, and nobody else', async () => {
  const [victim, other] = [await makePerson(), await makePerson()];
  const networks = ['203.0.113.4', '2001:db8:1:2::4', '2001:db8:1:3::4'];
  const elsewhere = '198.51.100.2';
  const session = await admin.signIn({ name: victim.name, password });
  for (const network of networks) {
    expect((await session.get('/openapi.json')).status).toBe(200);
    await failFrom(network, victim.name);
  }
  expect(await enterFrom(elsewhere, victim.name)).toBe(401);
  expect((await session.get('/openapi.json')).status).toBe(401);
  expect(await enterFrom(elsewhere, other.name)).toBe(201);
  expect((await admin.admin.post(`/users/${victim.id}/unlock`)).body).toEqual({ wasLocked: true });
  expect(await enterFrom(elsewhere, victim.name)).toBe(201);
  expect((await session.get('/openapi.json')).status).toBe(200);
});

test('T-16: whoever fails with many names is stopped by his address; other addresses and tokens go on', async () => {
  const person = await makePerson();
  const stranger = '203.0.113.2';
  for (let tries = 0; tries < domainLimits.failedSignInsPerAddress; tries += 1) {
    await checkSignInLimit(admin.muster.db, { name: `name ${tries}`, address: stranger });
  }
  expect(await enterFrom(stranger, person.name)).toBe(429);
  expect(await enterFrom('203.0.113.3', person.name)).toBe(201);
  const from = { 'X-Forwarded-For': stranger };
  expect((await admin.admin.send('GET', '/connections', undefined, from)).status).toBe(200);
});
