import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildAuthenticate } from '#access/authenticate.ts';
import { signIn } from '#operations/sign-in.ts';
import { findTenant } from '#store/tenants.ts';
import { faultWhen } from '#test/support/fault-when.ts';
import { withClient } from '#test/support/with-client.ts';
import { replace } from '../dialects/scim/patch-operations.ts';
import { type Client, expectError, newName, type Scim, startScim } from '../dialects/scim/scim-client.ts';
import { core, muster as musterUrn } from '../dialects/scim/urns.ts';

const password = 'correct-horse-7f3a';
const other = 'staple-battery-9b1c';

let scim: Scim;
let helpDesk: Client;
let tenant: number;
beforeAll(async () => {
  scim = await startScim();
  helpDesk = await scim.connect({ rights: ['read', 'write', 'passwords', 'superuser'] });
  tenant = (await findTenant(scim.muster.db, 'default')) ?? 0;
});
afterAll(() => scim.stop());

const enter = (name: string, given = password) =>
  signIn(scim.muster.db, {
    ...{ tenant, dialect: 'own', requestId: 'r-1', address: '192.0.2.1' },
    ...{ name, password: given, sessionPolicy: 'own' },
  });

/** Who comes with a token to an API of the dialect. */
function come(token: string, proof: { dialect?: string; allowMustChange?: boolean } = {}) {
  const { db } = scim.muster;
  const { authenticate } = buildAuthenticate({ db, noteUse: () => undefined, limitRequests: () => undefined });
  return authenticate({ token, dialect: 'own', requestId: 'r-2', ...proof });
}

const kindWhen = async (running: Promise<unknown>) => (await faultWhen(running)).kind;

describe('a password that SCIM brings', () => {
  test('is set for who has the right, is checked, and is shown to nobody', async () => {
    const userName = newName();
    expectError(
      await helpDesk.post('/Users', { schemas: [core], userName, password: 'password1' }),
      400,
      'invalidValue',
    );
    const made = await helpDesk.post('/Users', { schemas: [core], userName, password });
    expect([made.status, made.body.password]).toEqual([201, undefined]);
    expect((await enter(userName)).person).toBe(made.body.id);
    const path = `/Users/${made.body.id}`;
    expectError(await helpDesk.patch(path, [replace('password', userName)]), 400, 'invalidValue');
    expect((await helpDesk.get(`${path}?attributes=password`)).body.password).toBeUndefined();
    expectError(await helpDesk.find('/Users', `password eq "${password}"`), 403, 'sensitive');
  });

  test('ends the sessions when it is another one, and nothing changes when it is the same', async () => {
    const { id, userName, meta } = await helpDesk.makeUser({ password });
    const { token } = await enter(userName);
    const put = (given: string) => helpDesk.put(`/Users/${id}`, { schemas: [core], userName, password: given });
    const same = await put(password);
    expect(same.body.meta).toEqual(meta);
    expect((await come(token)).person).toBe(id);
    const changed = await put(other);
    expect(changed.body.meta.version).not.toBe(meta.version);
    expect(await kindWhen(come(token))).toBe('unauthenticated');
    expect((await enter(userName, other)).person).toBe(id);
  });

  test('5.19: is accepted and forgotten from who has not the right, and for a superuser from who may make none', async () => {
    const plain = await scim.connect({ rights: ['read', 'write'] });
    const { userName } = await plain.makeUser({ password });
    expect(await kindWhen(enter(userName))).toBe('unauthenticated');
    const boss = await helpDesk.makeUser({ password, [musterUrn]: { superuser: true } });
    const half = await scim.connect({ rights: ['read', 'write', 'passwords'] });
    const answer = await half.patch(`/Users/${boss.id}`, [replace('password', other), replace('title', 'Boss')]);
    expect([answer.status, answer.body.title]).toEqual([200, 'Boss']);
    expect((await enter(boss.userName)).person).toBe(boss.id);
  });

  test('T-19: is in no log, no answer, and nowhere in the database but as its hash', async () => {
    await scim.muster.keepRequests();
    const texts = await withClient(scim.muster.database.connection, async (db) => {
      const tables = await db.query(
        `select format('%I', table_name) as name from information_schema.tables where table_schema = 'public'`,
      );
      const all = [];
      for (const { name } of tables.rows) all.push(...(await db.query(`select t::text as text from ${name} t`)).rows);
      return all.map(({ text }) => text as string);
    });
    expect(texts.filter((text) => text.includes('$argon2id$')).length).toBeGreaterThan(2);
    for (const secret of [password, other]) {
      expect(texts.filter((text) => text.includes(secret))).toEqual([]);
      expect(scim.muster.logged()).not.toContain(secret);
    }
  });

  test('no support for changing passwords is promised to who has no token', async () => {
    const { body } = await helpDesk.get('/ServiceProviderConfig');
    expect(body.changePassword).toEqual({ supported: false });
  });
});

describe('the token of a session', () => {
  test('gives a superuser his rights and anybody else none, as the person that he is', async () => {
    const boss = await helpDesk.makeUser({ password, [musterUrn]: { superuser: true } });
    const ada = await helpDesk.makeUser({ password });
    expect(await come((await enter(boss.userName)).token)).toMatchObject({
      ...{ person: boss.id, tenant, rights: ['read', 'write', 'passwords', 'superuser', 'admin'] },
    });
    const { token } = await enter(ada.userName);
    expect(await come(token)).toMatchObject({ person: ada.id, rights: [], dialect: 'own' });
    await helpDesk.patch(`/Users/${boss.id}`, [replace(`${musterUrn}:superuser`, false)]);
    expect((await come((await enter(boss.userName)).token)).rights).toEqual([]);
  });

  test('T-21: is good in its own dialect alone', async () => {
    const { userName } = await helpDesk.makeUser({ password });
    const { token } = await enter(userName);
    expect(await kindWhen(come(token, { dialect: 'scim' }))).toBe('unauthenticated');
    expectError(await scim.muster.send(token, 'GET', '/Users'), 401);
  });

  test('T-18: of who must choose a new password opens only what is for that', async () => {
    const { id, userName } = await helpDesk.makeUser({ password, [musterUrn]: { mustChangePassword: true } });
    const { token, mustChange } = await enter(userName);
    expect(mustChange).toBe(true);
    expect(await kindWhen(come(token))).toBe('forbidden');
    expect((await come(token, { allowMustChange: true })).person).toBe(id);
  });

  test('V-19, S-12: is dead at the next request after a deactivation or a deletion by SCIM, also after reactivation', async () => {
    const { id, userName } = await helpDesk.makeUser({ password });
    const { token } = await enter(userName);
    await helpDesk.patch(`/Users/${id}`, [replace('active', false)]);
    expect(await kindWhen(come(token))).toBe('unauthenticated');
    expect((await faultWhen(enter(userName))).details.inactive).toBe(true);
    await helpDesk.patch(`/Users/${id}`, [replace('active', true)]);
    expect(await kindWhen(come(token))).toBe('unauthenticated');
    const again = await enter(userName);
    await helpDesk.delete(`/Users/${id}`);
    expect(await kindWhen(come(again.token))).toBe('unauthenticated');
    expect(await kindWhen(enter(userName))).toBe('unauthenticated');
  });
});

test('the state of sign-ins is shown and found, changes no version, and what a client writes of it is a change', async () => {
  const { id, userName, meta } = await helpDesk.makeUser({ password });
  await enter(userName);
  const after = (await helpDesk.get(`/Users/${id}`)).body;
  expect(after.meta).toEqual(meta);
  expect(after.schemas).toContain(musterUrn);
  const { lastLoginAt } = after[musterUrn];
  const found = await helpDesk.find(
    '/Users',
    `${musterUrn}:lastLoginAt eq "${lastLoginAt}" and userName eq "${userName}"`,
  );
  expect(found.body.totalResults).toBe(1);
  const must = await helpDesk.patch(`/Users/${id}`, [replace(`${musterUrn}:mustChangePassword`, true)]);
  expect(must.body.meta.version).not.toBe(meta.version);
  expect(must.body[musterUrn]).toEqual({ mustChangePassword: true, lastLoginAt });
  const title = await helpDesk.patch(`/Users/${id}`, [replace('title', 'Dr.')]);
  expect(title.body[musterUrn]).toEqual({ mustChangePassword: true, lastLoginAt });
  expect(
    (await helpDesk.find('/Users', `${musterUrn}:mustChangePassword eq true and title eq "Dr."`)).body,
  ).toMatchObject({
    totalResults: 1,
  });
  expectError(
    await helpDesk.patch(`/Users/${id}`, [replace(`${musterUrn}:lastLoginAt`, lastLoginAt)]),
    400,
    'mutability',
  );
});
