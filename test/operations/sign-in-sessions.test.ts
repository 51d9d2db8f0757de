import { uuidv7 } from 'uuidv7';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { beginSession } from '#access/sessions.ts';
import { hashToken } from '#access/token.ts';
import { userType } from '#attributes/resource-type.ts';
import type { Caller } from '#domain/caller.ts';
import { domainLimits } from '#domain/limits.ts';
import { changePassword } from '#operations/change-password.ts';
import { deleteResource } from '#operations/delete-resource.ts';
import { endUserSessions } from '#operations/end-sessions.ts';
import { listSessions } from '#operations/list-sessions.ts';
import { setPassword } from '#operations/set-password.ts';
import { signOut } from '#operations/sign-out.ts';
import { unlockUser } from '#operations/unlock-user.ts';
import { faultWhen } from '#test/support/fault-when.ts';
import type { TestRoll } from './open-roll.ts';
import { password, useDesk } from './sign-in-desk.ts';

const { desk, makePerson, enter, wrong } = useDesk();
let roll: TestRoll;
let admin: Caller;
beforeEach(() => {
  ({ roll, admin } = desk);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe('a password', () => {
  test('T-18: that is temporary is good until another is chosen, and for nothing but that', async () => {
    const id = await makePerson();
    const { password: temporary = '' } = await setPassword(admin, roll.db, id, { temporary: true });
    const first = await enter({ password: temporary });
    expect(first.mustChange).toBe(true);
    expect(await desk.stateOf(id)).toMatchObject({ mustChangePassword: true });
    const self: Caller = { ...roll.caller, person: id, rights: [] };
    const wish = { oldPassword: temporary, policy: 'default', sessionPolicy: 'own' } as const;
    const same = changePassword(self, roll.db, { ...wish, password: temporary });
    expect(await faultWhen(same)).toMatchObject({ kind: 'invalid_value', details: { attribute: 'password' } });
    const { token } = await changePassword(self, roll.db, { ...wish, password: 'another horse battery' });
    expect([await desk.isLive(first.token), await desk.isLive(token)]).toEqual([false, true]);
    expect(await desk.stateOf(id)).toEqual({ lastLoginAt: expect.any(String) });
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
    await roll.client.query('update app_user set failed_login_attempts = 29, failed_since = now() where id = $1', [id]);
    for (const oldPassword of ['wrong', password]) {
      expect(await faultWhen(change(oldPassword))).toMatchObject({
        ...{ kind: 'invalid_value', details: { attribute: 'oldPassword' } },
      });
    }
    expect(await desk.stateOf(id)).toMatchObject({ failedLoginAttempts: 30 });
    await unlockUser(admin, roll.db, id);
    await change(password);
    expect(await faultWhen(changePassword(roll.caller, roll.db, { ...wish, oldPassword: 'x' }))).toMatchObject({
      kind: 'forbidden',
    });
  });

  test('is changed by nobody who tried ten times in one network, until an admin unlocks, and nobody is locked', async () => {
    const id = await makePerson();
    const self: Caller = { ...roll.caller, person: id, rights: [], address: '192.0.2.8' };
    const wish = { policy: 'default', sessionPolicy: 'own', password: 'another horse battery' } as const;
    const change = (oldPassword: string) => changePassword(self, roll.db, { ...wish, oldPassword });
    for (let tries = 0; tries < 10; tries += 1) {
      expect(await faultWhen(change('wrong'))).toMatchObject({ kind: 'invalid_value' });
    }
    expect(await faultWhen(change(password))).toMatchObject({ kind: 'rate_limited' });
    expect(await desk.stateOf(id)).toEqual({ failedLoginAttempts: 10 });
    expect((await enter()).person).toBe(id);
    expect(await unlockUser(admin, roll.db, id)).toBe(false);
    await change(password);
  });

  test('is changed with the last try that there is, and the journal says that he is locked no longer', async () => {
    const id = await makePerson();
    await roll.client.query('update app_user set failed_login_attempts = 29, failed_since = now() where id = $1', [id]);
    const self: Caller = { ...roll.caller, person: id, rights: [] };
    const wish = { policy: 'default', sessionPolicy: 'own', password: 'another horse battery' } as const;
    await changePassword(self, roll.db, { ...wish, oldPassword: password });
    const lock = { path: 'muster.lockedUntil' };
    const changes = await desk.changesOf(id);
    expect(changes).toContainEqual({ ...lock, to: expect.any(String) });
    expect(changes).toContainEqual({ ...lock, from: expect.any(String) });
  });

  test('is not changed by who knows the one that an admin replaces at that moment', async () => {
    const id = await makePerson();
    const self: Caller = { ...roll.caller, person: id, rights: [] };
    desk.replaceWhileHashing(id);
    const wish = { policy: 'default', sessionPolicy: 'own', password: 'mine again battery' } as const;
    expect(await faultWhen(changePassword(self, roll.db, { ...wish, oldPassword: password }))).toMatchObject({
      ...{ kind: 'invalid_value', details: { attribute: 'oldPassword' } },
    });
    expect(await wrong({ password: wish.password })).toMatchObject({ kind: 'unauthenticated' });
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
    expect(await desk.isLive(session.token)).toBe(false);
    expect((await enter({ password: 'staple battery' })).person).toBe(id);
    expect(await desk.changesOf(id)).toContainEqual({ path: 'password' });
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
    expect([await desk.isLive(first.token), await desk.isLive(second.token)]).toEqual([false, false]);
    const [third, fourth] = [await enter(), await enter()];
    const [newest] = await listSessions(admin, roll.db, id);
    expect(await endUserSessions(admin, roll.db, id, newest?.id)).toBe(1);
    expect([await desk.isLive(third.token), await desk.isLive(fourth.token)]).toEqual([true, false]);
    expect(await endUserSessions(admin, roll.db, id)).toBe(1);
    expect(await desk.isLive(third.token)).toBe(false);
    const last = await enter();
    await deleteResource(admin, roll.db, userType, id);
    expect(await desk.isLive(last.token)).toBe(false);
    const { rows } = await roll.client.query('select from credential where person is not null and person = $1', [id]);
    expect(rows).toEqual([]);
  });

  test('T-17: end when the person becomes a superuser, and when he is one no longer', async () => {
    await desk.makePerson(uuidv7(), { muster: { superuser: true } });
    const id = await makePerson();
    for (const value of [true, false]) {
      const { token } = await enter();
      await roll.update(userType, id, [{ op: 'set', path: 'title', value: String(value) }]);
      expect(await desk.isLive(token)).toBe(true);
      await roll.update(userType, id, [{ op: 'set', path: 'muster.superuser', value }]);
      expect(await desk.isLive(token)).toBe(false);
    }
  });

  test('V-13: are refused while the person is locked out, and are good again after', async () => {
    const id = await makePerson();
    const { token } = await enter();
    await roll.client.query(`update app_user set locked_until = now() + interval '1 min' where id = $1`, [id]);
    expect(await desk.isLive(token)).toBe(false);
    await roll.client.query(`update app_user set locked_until = now() - interval '1 min' where id = $1`, [id]);
    expect(await desk.isLive(token)).toBe(true);
  });

  test('end one by one when people sign out', async () => {
    const id = await makePerson();
    const [one, other] = [await enter(), await enter()];
    await signOut({ ...roll.caller, person: id }, roll.db, one.token);
    expect([await desk.isLive(one.token), await desk.isLive(other.token)]).toEqual([false, true]);
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

  test('F-23: are good as long as the database says, also where the clock of a node is days ahead or behind', async () => {
    await makePerson();
    const { token } = await enter();
    const renewedAt = async () =>
      (await roll.client.query('select last_used_at from session where hash = $1', [hashToken(token)])).rows[0]
        .last_used_at;
    const before = await renewedAt();
    for (const days of [3, -3]) {
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + days * 86_400_000 });
      expect(await desk.isLive(token)).toBe(true);
      vi.useRealTimers();
    }
    expect(await renewedAt()).toEqual(before);
    const past = `now() - interval '1 ms'`;
    await roll.client.query(`update session set expires_at = ${past} where hash = $1`, [hashToken(token)]);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 3 * 86_400_000 });
    expect(await desk.isLive(token)).toBe(false);
  });

  test('are all counted and ended, also those that are too many to show', async () => {
    const id = await makePerson();
    const shown = domainLimits.sessionsPerPerson;
    const { tenant } = roll.caller;
    await roll.db.transaction(async (tx) => {
      const wish = { person: id, policy: 'own' } as const;
      for (let count = 0; count < shown + 2; count += 1) await beginSession(tx, roll.caller, wish);
    });
    const { rows } = await roll.client.query(
      `update session set created_at = now() - interval '1 hour' where hash = (
        select min(hash) from session where tenant = $1 and user_id = $2) returning encode(hash, 'hex') as hash`,
      [tenant, id],
    );
    expect(await endUserSessions(admin, roll.db, id, rows[0].hash.slice(0, 16))).toBe(1);
    expect(await endUserSessions(admin, roll.db, id)).toBe(shown + 1);
    expect(await desk.changesOf(id)).toContainEqual({ path: 'sessions', from: shown + 1, to: 0 });
  });

  test('are written no more when use cannot make them last longer', async () => {
    await makePerson();
    const { token } = await enter();
    const rows = async (text: string) => (await roll.client.query(text, [hashToken(token)])).rows;
    await rows(`update session set last_used_at = now() - interval '1 hour', expires_at = now() + interval '1 hour',
      absolute_expires_at = now() + interval '1 hour' where hash = $1`);
    const before = await rows('select xmin::text, last_used_at from session where hash = $1');
    expect(before).toHaveLength(1);
    expect(await desk.isLive(token)).toBe(true);
    expect(await rows('select xmin::text, last_used_at from session where hash = $1')).toEqual(before);
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
    expect(await desk.isLive(token)).toBe(good);
    const slides = policy === 'own' || policy === 'sliding';
    if (!good) return;
    await age('1 hour');
    expect(await desk.isLive(token)).toBe(slides || policy === 'persistent');
    if (most === undefined) return;
    // The column has whole milliseconds, so that now may be a moment to come.
    await roll.client.query(
      `update session set created_at = now(), absolute_expires_at = now() - interval '1 ms' where hash = $1`,
      [key],
    );
    expect(await desk.isLive(token)).toBe(false);
  });
});
