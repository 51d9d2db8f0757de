import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { entraAudience } from '#operations/trust-entra.ts';
import { withClient } from '#test/support/with-client.ts';
import { clientOf as scimClientOf } from '../dialects/scim/scim-client.ts';
import { type Admin, clientOf, startAdmin } from './admin-client.ts';

let admin: Admin;
beforeAll(async () => {
  admin = await startAdmin();
});
afterAll(() => admin.stop());

test('a connection is made, its token works, is rotated, and is shown no second time', async () => {
  const made = await admin.admin.post('/connections', { name: 'okta', dialect: 'scim', profile: 'okta' });
  const { connection, token, prefix } = made.body;
  const first = scimClientOf(admin.muster, token);
  expect((await first.get('/Users')).status).toBe(200);
  const rotated = await admin.admin.post('/connections/okta/tokens');
  const second = scimClientOf(admin.muster, rotated.body.token);
  expect([(await first.get('/Users')).status, (await second.get('/Users')).status]).toEqual([200, 200]);
  await admin.admin.delete(`/connections/${connection}/tokens/${prefix}`);
  expect([(await first.get('/Users')).status, (await second.get('/Users')).status]).toEqual([401, 200]);
  const shown = await admin.admin.get(`/connections/${connection}`);
  expect(shown.body).toMatchObject({ id: connection, name: 'okta', profile: 'okta', rights: ['read', 'write'] });
  expect(shown.body.tokens.map((one: { live: boolean }) => one.live).sort()).toEqual([false, true]);
  expect(JSON.stringify(shown.body)).not.toContain(token);
  await admin.admin.delete(`/connections/${connection}`);
  expect((await second.get('/Users')).status).toBe(401);
  expect((await admin.admin.get(`/connections/${connection}`)).body.revokedAt).toBeDefined();
});

test('lists are read in pages, to the end and without a gap', async () => {
  const { body: all } = await admin.admin.get('/connections');
  const ids: string[] = [];
  let next: string | undefined;
  do {
    const { body } = await admin.admin.get(`/connections?limit=2${next === undefined ? '' : `&after=${next}`}`);
    expect(body.items.length).toBeLessThanOrEqual(2);
    ids.push(...body.items.map(({ id }: { id: string }) => id));
    next = body.next;
  } while (next !== undefined);
  expect(ids).toEqual(all.items.map(({ id }: { id: string }) => id));
});

test('S-26: an admin makes nothing that may do more than he, and lets nothing do more', async () => {
  const wish = { name: 'stronger', dialect: 'admin' };
  for (const right of ['operator', 'superuser']) {
    const made = await admin.admin.post('/connections', { ...wish, rights: ['read', right] });
    expect([made.status, made.body.type]).toEqual([403, 'urn:muster:fault:forbidden']);
  }
  await admin.admin.post('/connections', { name: 'weak', dialect: 'scim' });
  expect((await admin.admin.patch('/connections/weak', { rights: ['read', 'superuser'] })).status).toBe(403);
  expect((await admin.admin.get('/connections/weak')).body.rights).toEqual(['read', 'write']);
});

test('S-26: an admin gets no token of a connection that may do more than he', async () => {
  await admin.operator.post('/connections', { name: 'strong', dialect: 'scim', rights: ['read', 'superuser'] });
  expect((await admin.admin.post('/connections/strong/tokens')).status).toBe(403);
  expect((await admin.admin.patch('/connections/strong', { name: 'mine' })).status).toBe(403);
  expect((await admin.admin.delete('/connections/strong')).status, 'a leaked token cannot wait').toBe(204);
});

test('S-26: an admin can take rights from his own connection, at the next request', async () => {
  const self = await admin.connect({ name: 'self', rights: ['read', 'admin'] });
  expect((await self.patch('/connections/self', { rights: ['read'] })).status).toBe(200);
  expect((await self.get('/connections')).status).toBe(403);
  expect((await self.patch('/connections/self', { rights: ['read', 'admin'] })).status).toBe(403);
});

test('an operator works in any tenant, and everybody else in his own', async () => {
  await admin.operator.post('/connections?tenant=other', { name: 'made by an operator', dialect: 'scim' });
  const names = async (client: typeof admin.admin) =>
    (await client.get('/connections')).body.items.map(({ name }: { name: string }) => name);
  expect(await names(admin.stranger)).toContain('made by an operator');
  expect(await names(admin.admin)).not.toContain('made by an operator');
  const tenants = async (client: typeof admin.admin) =>
    (await client.get('/tenants')).body.items.map(({ name }: { name: string }) => name);
  expect([await tenants(admin.operator), await tenants(admin.admin), await tenants(admin.stranger)]).toEqual([
    ['default', 'other'],
    ['default'],
    ['other'],
  ]);
  expect((await admin.admin.post('/tenants', { name: 'third' })).status).toBe(403);
});

test('a name that is taken is 409 and names the attribute', async () => {
  const { status, body } = await admin.admin.post('/connections', { name: 'admins', dialect: 'scim' });
  expect([status, body.type]).toEqual([409, 'urn:muster:fault:already_exists']);
});

test('a token of our own API does nothing elsewhere, and one of SCIM nothing here', async () => {
  expect((await scimClientOf(admin.muster, admin.operator.token ?? '').get('/Users')).status).toBe(401);
  expect((await clientOf(admin.muster, await admin.muster.connect()).get('/connections')).status).toBe(401);
});

test('a connection shows all that it comes in with: tokens, secrets, keys, and Entra tenants', async () => {
  await admin.admin.post('/connections', { name: 'open', dialect: 'scim' });
  const before = (await admin.admin.get('/connections/open')).body;
  expect([before.keys, before.entra]).toEqual([[], []]);
  const jwk = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
  const { key } = (await admin.admin.post('/connections/open/keys', { jwk })).body;
  const { prefix } = (await admin.admin.post('/connections/open/secrets')).body;
  const entraTenant = randomUUID();
  await admin.operator.put('/connections/open/entra', { entraTenant, audience: 'https://muster.example' });
  const { body } = await admin.admin.get('/connections/open');
  expect(body).toMatchObject({ keys: [key], entra: [{ entraTenant, audience: 'https://muster.example' }] });
  expect(body.tokens.map((one: { kind: string }) => one.kind).sort()).toEqual(['secret', 'token']);
  expect(body.tokens.find((one: { kind: string }) => one.kind === 'secret')).toMatchObject({ prefix, live: true });
});

test('a connection takes the tokens of one Entra tenant: PUT replaces what it took before, and the journal tells', async () => {
  const { connection } = (await admin.admin.post('/connections', { name: 'moved', dialect: 'scim' })).body;
  const [from, to] = [{ entraTenant: randomUUID() }, { entraTenant: randomUUID(), audience: 'https://muster.example' }];
  for (const wish of [from, to, to])
    expect((await admin.operator.put('/connections/moved/entra', wish)).status).toBe(200);
  expect((await admin.admin.get('/connections/moved')).body.entra).toEqual([to]);
  const { rows } = await withClient(admin.muster.database.connection, (db) =>
    db.query(`select changes from journal where resource = $1 and action = 'updated' order by sequence`, [connection]),
  );
  const [first, second] = [`${from.entraTenant} ${entraAudience}`, `${to.entraTenant} ${to.audience}`];
  expect(rows.map(({ changes }) => JSON.parse(changes))).toEqual([
    [{ path: 'entra', from: [], to: [first] }],
    [{ path: 'entra', from: [first], to: [second] }],
  ]);
});

test('one that is taken by another connection replaces nothing', async () => {
  const [mine, other] = [{ entraTenant: randomUUID() }, { entraTenant: randomUUID() }];
  for (const [name, wish] of Object.entries({ mine, other })) {
    await admin.admin.post('/connections', { name, dialect: 'scim' });
    await admin.operator.put(`/connections/${name}/entra`, wish);
  }
  expect((await admin.operator.put('/connections/mine/entra', other)).status).toBe(409);
  expect((await admin.admin.get('/connections/mine')).body.entra).toMatchObject([mine]);
});

test('a private key is refused, and is not in the request log either', async () => {
  const jwk = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  await admin.admin.post('/connections', { name: 'signs', dialect: 'scim' });
  const answer = await admin.admin.post('/connections/signs/keys', { jwk });
  expect([answer.status, JSON.stringify(answer.body).includes(jwk.d ?? '')]).toEqual([400, false]);
  await admin.muster.keepRequests();
  const { body } = await admin.admin.get('/requests?failed=true');
  expect(body.items.map((one: { route: string }) => one.route)).toContain('/admin/v1/connections/:connection/keys');
  expect(JSON.stringify(body)).not.toContain(jwk.d);
});
