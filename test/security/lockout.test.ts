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

test('T-16: a stranger’s tries lock out the one whom they name, nobody else, and an admin lets him in again', async () => {
  const [victim, other] = [await makePerson(), await makePerson()];
  const stranger = '203.0.113.1';
  for (let tries = 0; tries < domainLimits.failedSignInsPerName; tries += 1) {
    expect(await enterFrom(stranger, victim.name, 'wrong')).toBe(401);
  }
  expect(await enterFrom('198.51.100.1', victim.name)).toBe(429);
  expect(await enterFrom('198.51.100.1', other.name)).toBe(201);
  expect(await enterFrom(stranger, other.name)).toBe(201);
  expect((await admin.admin.post(`/users/${victim.id}/unlock`)).body).toEqual({ wasLocked: true });
  expect(await enterFrom('198.51.100.1', victim.name)).toBe(201);
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
