import crypto from 'node:crypto';
import pg from 'pg';
import { uuidv7 } from 'uuidv7';
import { afterEach, beforeEach, describe, expect, type MockInstance, test, vi } from 'vitest';
import { userType } from '#attributes/resource-type.ts';
import type { Caller } from '#domain/caller.ts';
import { domainLimits } from '#domain/limits.ts';
import { listSessions } from '#operations/list-sessions.ts';
import { unlockUser } from '#operations/unlock-user.ts';
import { updateResource } from '#operations/update-resource.ts';
import { verifyEmails } from '#operations/verify-emails.ts';
import { countTry } from '#store/sign-in-state.ts';
import { faultWhen } from '#test/support/fault-when.ts';
import { rules, type TestRoll } from './open-roll.ts';
import { password, useDesk } from './sign-in-desk.ts';

const { desk, makePerson, enter, wrong } = useDesk();
let roll: TestRoll;
let admin: Caller;
beforeEach(() => {
  ({ roll, admin } = desk);
});

let argon2: MockInstance<typeof crypto.argon2>;
beforeEach(() => {
  argon2 = vi.spyOn(crypto, 'argon2');
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** What a statement says. */
function textOf(statement: unknown): string {
  return typeof statement === 'string' ? statement : (statement as pg.QueryConfig).text;
}

/** Lets the windows of the limits by name pass. */
const forgetTries = () => roll.client.query('delete from limiter');

describe('a sign-in', () => {
  test('with the right password begins a session, and leaves version and lastModified as they are', async () => {
    const id = await makePerson();
    const before = await roll.get(userType, id);
    const signedIn = await enter();
    expect(signedIn).toMatchObject({ person: id, mustChange: false, token: expect.stringMatching(/^mst_/) });
    expect(await desk.isLive(signedIn.token)).toBe(true);
    const after = await roll.get(userType, id);
    expect([after.version, after.modifiedAt]).toEqual([before.version, before.modifiedAt]);
    expect(await desk.stateOf(id)).toEqual({ lastLoginAt: expect.stringMatching(/Z$/) });
    const [session] = await listSessions(admin, roll.db, id);
    expect(session).toMatchObject({ dialect: 'own', policy: 'own', address: '192.0.2.7' });
    expect(JSON.stringify(session)).not.toContain(signedIn.token);
  });

  test('takes the userName or the primary e-mail, in any spelling', async () => {
    const email = `${desk.name}@Example.ORG`;
    const id = await makePerson({ emails: [{ value: 'other@example.org' }, { value: email, primary: true }] });
    for (const given of [desk.name.toUpperCase(), email.toLowerCase()]) {
      expect((await enter({ name: given })).person).toBe(id);
    }
    expect(await wrong({ name: 'other@example.org', password })).toMatchObject({ kind: 'unauthenticated' });
  });

  test('by an e-mail that two people share is refused unless it is the userName of one', async () => {
    const email = `${desk.name}@example.org`;
    const emails = [{ value: email, primary: true }];
    await makePerson({ emails });
    desk.name = uuidv7();
    await makePerson({ emails });
    expect(await wrong({ name: email, password })).toMatchObject({ kind: 'unauthenticated' });
    desk.name = email;
    const id = await makePerson();
    await forgetTries();
    expect((await enter({ name: email })).person).toBe(id);
  });

  test('T-15: is refused in one way and with one hash, whatever is wrong', async () => {
    await makePerson();
    const locked = uuidv7();
    const { id } = await roll.create(userType, { userName: locked });
    await roll.client.query(`update app_user set locked_until = now() + interval '1 hour' where id = $1`, [id]);
    const names = [desk.name, locked, 'nobody', 'a\0b', '\ud800', 'x'.repeat(5_000)];
    for (const given of names) {
      argon2.mockClear();
      const { kind, message, details } = await wrong({ name: given });
      expect({ kind, message, details }, given).toEqual({
        ...{
          kind: 'unauthenticated',
          message: 'the name or the password is wrong',
          details: { wrongCredential: true },
        },
      });
      expect(argon2.mock.calls.map(([, { memory, passes }]) => [memory, passes])).toEqual([[19_456, 2]]);
    }
  });

  test('T-15: asks the database as much and costs as many hashes, whoever is meant', async () => {
    await makePerson();
    const locked = uuidv7();
    const { id } = await roll.create(userType, { userName: locked });
    await roll.client.query(`update app_user set locked_until = now() + interval '1 hour' where id = $1`, [id]);
    // Once for each, so that what is prepared or opened at first is there.
    for (const given of [desk.name, locked]) await wrong({ name: given });
    const query = vi.spyOn(pg.Client.prototype, 'query');
    const work = [];
    for (const given of [desk.name, locked, uuidv7()]) {
      query.mockClear();
      argon2.mockClear();
      await wrong({ name: given });
      const asked = query.mock.calls.map(([statement]) => textOf(statement));
      work.push({ asked: asked.sort(), hashes: argon2.mock.calls.length });
    }
    const [known, lockedOut, unknown] = work;
    expect(known?.asked.length).toBeGreaterThan(5);
    expect(lockedOut).toEqual(known);
    expect(unknown).toEqual(known);
  });

  test('T-15: is written down before the hash, whoever is meant: a commit that writes takes longer', async () => {
    const id = await makePerson();
    const lockout = { failures: 1, windowSeconds: 900, lockSeconds: 900 };
    const wrote = (person: string | undefined) =>
      roll.db.transaction(async (tx) => {
        await countTry(tx, roll.caller.tenant, person, lockout);
        return tx.run({ text: 'select pg_current_xact_id_if_assigned() is not null as wrote', values: [] });
      });
    // The first try locks him, so that the second must not be made.
    for (const person of [id, id, undefined]) expect(await wrote(person)).toEqual([{ wrote: true }]);
  });

  test('with a password that is replaced while it is looked at is refused', async () => {
    const id = await makePerson();
    desk.replaceWhileHashing(id);
    expect(await wrong({ password })).toMatchObject({ kind: 'unauthenticated', details: { wrongCredential: true } });
    expect(await listSessions(admin, roll.db, id)).toEqual([]);
    expect((await enter()).person).toBe(id);
  });

  test('V-23: of a long name the password still decides', async () => {
    for (const length of [52, 73, 254]) {
      desk.name = `${uuidv7()}${'n'.repeat(length)}`.slice(0, length);
      await makePerson();
      expect(await wrong({ password: `${password}x` })).toMatchObject({ kind: 'unauthenticated' });
      expect((await enter()).mustChange).toBe(false);
    }
  });

  test('of an inactive person is told so after the right password alone', async () => {
    const id = await makePerson();
    await roll.update(userType, id, [{ op: 'set', path: 'active', value: false }]);
    expect((await wrong()).details.inactive).toBeUndefined();
    expect(await wrong({ password })).toMatchObject({ kind: 'unauthenticated', details: { inactive: true } });
    expect(await listSessions(admin, roll.db, id)).toEqual([]);
  });

  test('replaces a hash that has become too cheap', async () => {
    const id = await makePerson();
    const nonce = Buffer.alloc(16, 7);
    const parameters = { message: password, nonce, parallelism: 1, tagLength: 32, memory: 1_024, passes: 1 };
    const text = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');
    const cheap = `$argon2id$v=19$m=1024,t=1,p=1$${text(nonce)}$${text(crypto.argon2Sync('argon2id', parameters))}`;
    await roll.client.query('update password set hash = $2 where user_id = $1', [id, cheap]);
    await enter();
    const { rows } = await roll.client.query('select hash from password where user_id = $1', [id]);
    expect(rows[0].hash).toMatch(/m=19456,t=2/);
    await enter();
  });
});

describe('too many failures', () => {
  test('T-14: of 300 tries at once from one network no more than ten are hashed, and nobody is locked', async () => {
    const id = await makePerson();
    argon2.mockClear();
    const tries = await Promise.all(Array.from({ length: 300 }, () => wrong()));
    expect(argon2.mock.calls.length).toBeLessThanOrEqual(domainLimits.failedSignInsPerName);
    expect(new Set(tries.map(({ kind }) => kind))).toEqual(new Set(['unauthenticated', 'rate_limited', 'unavailable']));
    expect(await desk.stateOf(id)).toEqual({ failedLoginAttempts: domainLimits.failedSignInsPerName });
  });

  test('T-14: of 300 tries from five networks thirty are against the hash; the person is locked, and the journal says so', async () => {
    const id = await makePerson();
    const { rows } = await roll.client.query('select hash from password where user_id = $1', [id]);
    const salt = rows[0].hash.split('$').at(-2);
    argon2.mockImplementation((_algorithm, _parameters, done) => done(null, Buffer.alloc(32)));
    await Promise.all(Array.from({ length: 300 }, (_, index) => wrong({ address: `198.51.100.${10 + (index % 5)}` })));
    const salts = argon2.mock.calls.map(([, { nonce }]) => Buffer.from(nonce as Buffer).toString('base64'));
    expect(salts.length).toBeLessThanOrEqual(5 * domainLimits.failedSignInsPerName);
    expect(salts.filter((each) => each.startsWith(salt))).toHaveLength(domainLimits.failedSignInsPerPerson);
    argon2.mockRestore();
    expect(await desk.stateOf(id)).toEqual({
      ...{ failedLoginAttempts: domainLimits.failedSignInsPerPerson, lockedUntil: expect.any(String) },
    });
    expect(await desk.changesOf(id)).toContainEqual({ path: 'muster.lockedUntil', to: expect.any(String) });
    expect(await unlockUser(admin, roll.db, id)).toBe(true);
    expect((await enter()).person).toBe(id);
  });

  test('on several servers at once are counted together: of 30 tries ten may be made, and the last locks', async () => {
    const id = await makePerson();
    const lockout = { failures: 10, windowSeconds: 900, lockSeconds: 900 };
    const one = () => roll.db.transaction((tx) => countTry(tx, roll.caller.tenant, id, lockout));
    const counted = (await Promise.all(Array.from({ length: 30 }, one))).filter((each) => each !== undefined);
    expect(counted).toHaveLength(10);
    expect(counted.filter(({ lockedUntil }) => lockedUntil !== undefined)).toHaveLength(1);
  });

  test('for a name that nobody has are limited after as many', async () => {
    const kinds = [];
    for (let count = 0; count < 11; count += 1) kinds.push((await wrong()).kind);
    expect(kinds).toEqual([...Array(10).fill('unauthenticated'), 'rate_limited']);
  });

  test('end after 15 minutes, at a good sign-in, and when an admin unlocks', async () => {
    const id = await makePerson();
    const lock = `update app_user set failed_login_attempts = 10, failed_since = now(), locked_until = now() + interval '1 s' * $2 where id = $1`;
    await roll.client.query(lock, [id, -1]);
    await enter();
    expect(await desk.stateOf(id)).toEqual({ lastLoginAt: expect.any(String) });
    await roll.client.query(lock, [id, 900]);
    expect(await wrong({ password })).toMatchObject({ kind: 'unauthenticated' });
    expect(await unlockUser(admin, roll.db, id)).toBe(true);
    await enter();
    expect(await unlockUser(admin, roll.db, id)).toBe(false);
    expect(await desk.changesOf(id)).toContainEqual({ path: 'muster.lockedUntil', from: expect.any(String) });
    expect(await faultWhen(unlockUser(roll.caller, roll.db, id))).toMatchObject({ kind: 'forbidden' });
  });

  test('are counted anew when the first of them is 15 minutes old', async () => {
    const id = await makePerson();
    for (let count = 0; count < 3; count += 1) await wrong();
    await roll.client.query(`update app_user set failed_since = now() - interval '16 minutes' where id = $1`, [id]);
    await wrong();
    expect(await desk.stateOf(id)).toEqual({ failedLoginAttempts: 1 });
  });

  test('are not counted where a try is sent away because too many others are under way', async () => {
    const id = await makePerson();
    const held: (() => void)[] = [];
    argon2.mockImplementation((_algorithm, _parameters, done) => {
      held.push(() => done(null, Buffer.alloc(32)));
    });
    const address = '198.51.100.1';
    const crowd = Array.from({ length: 60 }, (_, index) => wrong({ name: `${desk.name} ${index}`, address }));
    // Nothing is hashed, so whoever has an answer now was sent away.
    expect(await Promise.race(crowd)).toMatchObject({ kind: 'unavailable', details: { retryAfterSeconds: 1 } });
    expect(await wrong({ password })).toMatchObject({ kind: 'unavailable' });
    expect(await desk.stateOf(id)).toBeUndefined();
    argon2.mockImplementation((_algorithm, _parameters, done) => done(null, Buffer.alloc(32)));
    for (const end of held) end();
    const kinds = (await Promise.all(crowd)).map(({ kind }) => kind);
    expect(new Set(kinds)).toEqual(new Set(['unauthenticated', 'unavailable']));
  });

  test('are not seen where many programs sign in with the right password at once', async () => {
    await makePerson();
    const all = await Promise.all(Array.from({ length: 11 }, () => enter()));
    expect(new Set(all.map(({ token }) => token)).size).toBe(11);
  });
});

test('V-0b: an e-mail that a superuser got from who may make none serves no sign-in until it is verified', async () => {
  const [old, fresh] = [`${desk.name}@example.org`, `${desk.name}@evil.example`];
  const id = await makePerson({ muster: { superuser: true }, emails: [{ value: old, primary: true }] });
  expect((await enter({ name: old })).person).toBe(id);
  const plain: Caller = { ...roll.caller, rights: ['read', 'write'] };
  const emails = [{ value: fresh, primary: true }];
  await updateResource(plain, roll.db, userType, id, {
    changes: [{ op: 'set', path: 'emails', value: emails }],
    rules,
  });
  expect(await wrong({ name: fresh, password })).toMatchObject({ kind: 'unauthenticated' });
  expect((await enter()).person).toBe(id);
  expect(await faultWhen(verifyEmails(plain, roll.db, id))).toMatchObject({ kind: 'forbidden' });
  await verifyEmails(admin, roll.db, id);
  expect((await enter({ name: fresh })).person).toBe(id);
});
