import crypto from 'node:crypto';
import { uuidv7 } from 'uuidv7';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, type MockInstance, test, vi } from 'vitest';
import { hashPassword } from '#access/hash-password.ts';
import { validateSession } from '#access/sessions.ts';
import { hashToken } from '#access/token.ts';
import type { Values } from '#attributes/attribute.ts';
import { userType } from '#attributes/resource-type.ts';
import type { Caller } from '#domain/caller.ts';
import { changePassword } from '#operations/change-password.ts';
import { deleteResource } from '#operations/delete-resource.ts';
import { endUserSessions } from '#operations/end-sessions.ts';
import { listSessions } from '#operations/list-sessions.ts';
import { setPassword } from '#operations/set-password.ts';
import { type SignInWish, signIn } from '#operations/sign-in.ts';
import { signOut } from '#operations/sign-out.ts';
import { unlockUser } from '#operations/unlock-user.ts';
import { updateResource } from '#operations/update-resource.ts';
import { verifyEmails } from '#operations/verify-emails.ts';
import { faultWhen } from '#test/support/fault-when.ts';
import { openRoll, rules, type TestRoll, valuesIn } from './open-roll.ts';

const password = 'correct horse battery';

let roll: TestRoll;
let admin: Caller;
beforeAll(async () => {
  roll = await openRoll(18);
  admin = { ...roll.caller, rights: ['read', 'write', 'superuser', 'passwords', 'admin'] };
});
afterAll(() => roll.close());

let argon2: MockInstance<typeof crypto.argon2>;
let name: string;
beforeEach(async () => {
  argon2 = vi.spyOn(crypto, 'argon2');
  name = uuidv7();
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** Somebody with a password, the same for all so that it is hashed once. */
async function makePerson(values: Values = {}): Promise<string> {
  const { id } = await roll.create(userType, { userName: name, ...values });
  hash ??= await hashPassword(password);
  const { tenant } = roll.caller;
  await roll.client.query('insert into password (tenant, user_id, hash, temporary) values ($1, $2, $3, false)', [
    ...[tenant, id, hash],
  ]);
  return id;
}
let hash: string | undefined;

function enter(wish: Partial<SignInWish> = {}) {
  const stranger = { tenant: roll.caller.tenant, dialect: 'own', requestId: 'r-1', address: '192.0.2.7' };
  return signIn(roll.db, { ...stranger, name, password, sessionPolicy: 'own', ...wish });
}

const isLive = async (token: string) =>
  (await validateSession(roll.db, roll.caller.tenant, hashToken(token))) !== undefined;
const wrong = (wish: Partial<SignInWish> = {}) => faultWhen(enter({ password: 'wrong', ...wish }));
const stateOf = async (id: string) => valuesIn(userType, await roll.get(userType, id)).muster;
const changesOf = async (id: string) =>
  (await roll.journal()).filter(({ resource }) => resource === id).flatMap(({ changes }) => changes);
/** Lets the windows of the limits by name pass. */
const forgetTries = () => roll.client.query('delete from limiter');

describe('a sign-in', () => {
  test('with the right password begins a session, and leaves version and lastModified as they are', async () => {
    const id = await makePerson();
    const before = await roll.get(userType, id);
    const signedIn = await enter();
    expect(signedIn).toMatchObject({ person: id, mustChange: false, token: expect.stringMatching(/^mst_/) });
    expect(await isLive(signedIn.token)).toBe(true);
    const after = await roll.get(userType, id);
    expect([after.version, after.modifiedAt]).toEqual([before.version, before.modifiedAt]);
    expect(await stateOf(id)).toEqual({ lastLoginAt: expect.stringMatching(/Z$/) });
    const [session] = await listSessions(admin, roll.db, id);
    expect(session).toMatchObject({ dialect: 'own', policy: 'own', address: '192.0.2.7' });
    expect(JSON.stringify(session)).not.toContain(signedIn.token);
  });

  test('takes the userName or the primary e-mail, in any spelling', async () => {
    const email = `${name}@Example.ORG`;
    const id = await makePerson({ emails: [{ value: 'other@example.org' }, { value: email, primary: true }] });
    for (const given of [name.toUpperCase(), email.toLowerCase()]) {
      expect((await enter({ name: given })).person).toBe(id);
    }
    expect(await wrong({ name: 'other@example.org', password })).toMatchObject({ kind: 'unauthenticated' });
  });

  test('by an e-mail that two people share is refused unless it is the userName of one', async () => {
    const email = `${name}@example.org`;
    const emails = [{ value: email, primary: true }];
    await makePerson({ emails });
    name = uuidv7();
    await makePerson({ emails });
    expect(await wrong({ name: email, password })).toMatchObject({ kind: 'unauthenticated' });
    name = email;
    const id = await makePerson();
    await forgetTries();
    expect((await enter({ name: email })).person).toBe(id);
  });

  test('T-15: is refused in one way and with one hash, whatever is wrong', async () => {
    await makePerson();
    const locked = uuidv7();
    const { id } = await roll.create(userType, { userName: locked });
    await roll.client.query(`update app_user set locked_until = now() + interval '1 hour' where id = $1`, [id]);
    const names = [name, locked, 'nobody', 'a\0b', '\ud800', 'x'.repeat(5_000)];
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

  test('V-23: of a long name the password still decides', async () => {
    for (const length of [52, 73, 254]) {
      name = `${uuidv7()}${'n'.repeat(length)}`.slice(0, length);
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
  test('T-14: of 300 tries at once no more than ten are hashed; the person is locked, and the journal says so', async () => {
    const id = await makePerson();
    argon2.mockClear();
    const tries = await Promise.all(Array.from({ length: 300 }, () => wrong()));
    expect(argon2.mock.calls.length).toBeLessThanOrEqual(10);
    expect(new Set(tries.map(({ kind }) => kind))).toEqual(new Set(['unauthenticated', 'rate_limited', 'unavailable']));
    for (const _ of [1, 2]) await wrong();
    expect(await stateOf(id)).toEqual({ failedLoginAttempts: 10, lockedUntil: expect.any(String) });
    expect(await changesOf(id)).toContainEqual({ path: 'muster.lockedUntil', to: expect.any(String) });
    expect(await unlockUser(admin, roll.db, id)).toBe(true);
    expect((await enter()).person).toBe(id);
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
    expect(await stateOf(id)).toEqual({ lastLoginAt: expect.any(String) });
    await roll.client.query(lock, [id, 900]);
    expect(await wrong({ password })).toMatchObject({ kind: 'unauthenticated' });
    expect(await unlockUser(admin, roll.db, id)).toBe(true);
    await enter();
    expect(await unlockUser(admin, roll.db, id)).toBe(false);
    expect(await changesOf(id)).toContainEqual({ path: 'muster.lockedUntil', from: expect.any(String) });
    expect(await faultWhen(unlockUser(roll.caller, roll.db, id))).toMatchObject({ kind: 'forbidden' });
  });

  test('are counted anew when the first of them is 15 minutes old', async () => {
    const id = await makePerson();
    for (let count = 0; count < 3; count += 1) await wrong();
    await roll.client.query(`update app_user set failed_since = now() - interval '16 minutes' where id = $1`, [id]);
    await wrong();
    expect(await stateOf(id)).toEqual({ failedLoginAttempts: 1 });
  });

  test('are not seen where many programs sign in with the right password at once', async () => {
    await makePerson();
    const all = await Promise.all(Array.from({ length: 11 }, () => enter()));
    expect(new Set(all.map(({ token }) => token)).size).toBe(11);
  });
});

describe('a password', () => {
  test('T-18: that is temporary is good once, within 72 hours, for nothing but choosing another', async () => {
    const id = await makePerson();
    const { password: temporary = '' } = await setPassword(admin, roll.db, id, { temporary: true });
    const first = await enter({ password: temporary });
    expect(first.mustChange).toBe(true);
    expect(await stateOf(id)).toMatchObject({ mustChangePassword: true });
    const self: Caller = { ...roll.caller, person: id, rights: [] };
    const wish = { oldPassword: temporary, policy: 'default', sessionPolicy: 'own' } as const;
    const same = changePassword(self, roll.db, { ...wish, password: temporary });
    expect(await faultWhen(same)).toMatchObject({ kind: 'invalid_value', details: { attribute: 'password' } });
    const { token } = await changePassword(self, roll.db, { ...wish, password: 'another horse battery' });
    expect([await isLive(first.token), await isLive(token)]).toEqual([false, true]);
    expect(await stateOf(id)).toEqual({ lastLoginAt: expect.any(String) });
    await setPassword(admin, roll.db, id, { temporary: true });
    expect(await wrong({ password: temporary })).toMatchObject({ kind: 'unauthenticated' });
  });

  test('that is temporary is refused when its time is over', async () => {
    const id = await makePerson();
    const { password: temporary = '' } = await setPassword(admin, roll.db, id, { temporary: true });
    const { rows } = await roll.client.query(
      `update password set expires_at = expires_at - interval '72 hours' where user_id = $1 returning temporary`,
      [id],
    );
    expect(rows).toEqual([{ temporary: true }]);
    expect(await wrong({ password: temporary })).toMatchObject({ kind: 'unauthenticated' });
  });

  test('is changed by who knows the old one, and every wrong try counts', async () => {
    const id = await makePerson();
    const self: Caller = { ...roll.caller, person: id, rights: [] };
    const wish = { policy: 'default', sessionPolicy: 'own', password: 'another horse battery' } as const;
    const change = (oldPassword: string) => changePassword(self, roll.db, { ...wish, oldPassword });
    await roll.client.query('update app_user set failed_login_attempts = 9, failed_since = now() where id = $1', [id]);
    for (const oldPassword of ['wrong', password]) {
      expect(await faultWhen(change(oldPassword))).toMatchObject({
        ...{ kind: 'invalid_value', details: { attribute: 'oldPassword' } },
      });
    }
    expect(await stateOf(id)).toMatchObject({ failedLoginAttempts: 10 });
    await unlockUser(admin, roll.db, id);
    await change(password);
    expect(await faultWhen(changePassword(roll.caller, roll.db, { ...wish, oldPassword: 'x' }))).toMatchObject({
      kind: 'forbidden',
    });
  });

  test('is set with the right for it, by policy, and is nowhere in the journal', async () => {
    const id = await makePerson();
    const session = await enter();
    const set = (caller: Caller, wanted: string) => setPassword(caller, roll.db, id, { password: wanted });
    expect(await faultWhen(set(roll.caller, 'staple battery'))).toMatchObject({ kind: 'forbidden' });
    expect(await faultWhen(set(admin, 'password1'))).toMatchObject({ kind: 'invalid_value' });
    expect(await faultWhen(setPassword(admin, roll.db, uuidv7(), { temporary: true }))).toMatchObject({
      kind: 'not_found',
    });
    await set(admin, 'staple battery');
    expect(await isLive(session.token)).toBe(false);
    expect((await enter({ password: 'staple battery' })).person).toBe(id);
    expect(await changesOf(id)).toContainEqual({ path: 'password' });
    expect(JSON.stringify(await roll.journal())).not.toContain('staple battery');
  });

  test('of a superuser is set by who may make superusers alone', async () => {
    const id = await makePerson({ muster: { superuser: true } });
    const helpDesk: Caller = { ...admin, rights: ['read', 'write', 'passwords'] };
    expect(await faultWhen(setPassword(helpDesk, roll.db, id, { temporary: true }))).toMatchObject({
      kind: 'forbidden',
    });
    await setPassword(admin, roll.db, id, { temporary: true });
  });
});

describe('sessions', () => {
  test('S-12, V-19: end with deactivation and stay ended, with deletion, and by an admin', async () => {
    const id = await makePerson();
    const [first, second] = [await enter(), await enter()];
    await roll.update(userType, id, [{ op: 'set', path: 'active', value: false }]);
    await roll.update(userType, id, [{ op: 'set', path: 'active', value: true }]);
    expect([await isLive(first.token), await isLive(second.token)]).toEqual([false, false]);
    const [third, fourth] = [await enter(), await enter()];
    const [newest] = await listSessions(admin, roll.db, id);
    expect(await endUserSessions(admin, roll.db, id, newest?.id)).toBe(1);
    expect([await isLive(third.token), await isLive(fourth.token)]).toEqual([true, false]);
    expect(await endUserSessions(admin, roll.db, id)).toBe(1);
    expect(await isLive(third.token)).toBe(false);
    const last = await enter();
    await deleteResource(admin, roll.db, userType, id);
    expect(await isLive(last.token)).toBe(false);
    const { rows } = await roll.client.query('select from credential where person is not null and person = $1', [id]);
    expect(rows).toEqual([]);
  });

  test('V-13: are refused while the person is locked out, and are good again after', async () => {
    const id = await makePerson();
    const { token } = await enter();
    await roll.client.query(`update app_user set locked_until = now() + interval '1 min' where id = $1`, [id]);
    expect(await isLive(token)).toBe(false);
    await roll.client.query(`update app_user set locked_until = now() - interval '1 min' where id = $1`, [id]);
    expect(await isLive(token)).toBe(true);
  });

  test('end one by one when people sign out', async () => {
    const id = await makePerson();
    const [one, other] = [await enter(), await enter()];
    await signOut({ ...roll.caller, person: id }, roll.db, one.token);
    expect([await isLive(one.token), await isLive(other.token)]).toEqual([false, true]);
  });

  test('are seen and ended by their person and by admins', async () => {
    const id = await makePerson();
    await enter();
    const self: Caller = { ...roll.caller, person: id, rights: [] };
    expect(await listSessions(self, roll.db, id)).toHaveLength(1);
    expect(await faultWhen(listSessions({ ...self, person: uuidv7() }, roll.db, id))).toMatchObject({
      kind: 'forbidden',
    });
    expect(await faultWhen(endUserSessions(self, roll.db, id, '00'))).toMatchObject({ kind: 'not_found' });
    expect(await endUserSessions(self, roll.db, id)).toBe(1);
  });

  const lifetimes = [
    ['own', '7 hours 59 minutes', true, '24 hours'],
    ['own', '8 hours', false, undefined],
    ['sliding', '47 hours', true, undefined],
    ['sliding', '48 hours', false, undefined],
    ['fixed', '13 days 23 hours', true, '14 days'],
    ['persistent', '3000 days', true, undefined],
  ] as const;

  test.each(lifetimes)('%s: not used for %s is good: %s; ends for good after %s', async (policy, idle, good, most) => {
    await makePerson();
    const { token } = await enter({ sessionPolicy: policy });
    const key = hashToken(token);
    const age = (by: string) =>
      roll.client.query(
        `update session set created_at = created_at - $2::interval, last_used_at = last_used_at - $2::interval,
          expires_at = expires_at - $2::interval, absolute_expires_at = absolute_expires_at - $2::interval where hash = $1`,
        [key, by],
      );
    await age(idle);
    expect(await isLive(token)).toBe(good);
    const slides = policy === 'own' || policy === 'sliding';
    if (!good) return;
    await age('1 hour');
    expect(await isLive(token)).toBe(slides || policy === 'persistent');
    if (most === undefined) return;
    await roll.client.query('update session set created_at = now(), absolute_expires_at = now() where hash = $1', [
      key,
    ]);
    expect(await isLive(token)).toBe(false);
  });
});

test('V-0b: an e-mail that a superuser got from who may make none serves no sign-in until it is verified', async () => {
  const [old, fresh] = [`${name}@example.org`, `${name}@evil.example`];
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
