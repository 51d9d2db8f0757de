import pg from 'pg';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { userType } from '#attributes/resource-type.ts';
import type { Caller } from '#domain/caller.ts';
import { changePassword } from '#operations/change-password.ts';
import { createPerson } from '#operations/create-person.ts';
import { protectUser } from '#operations/protect-user.ts';
import { setPassword } from '#operations/set-password.ts';
import type { Query } from '#store/database.ts';
import { faultWhen } from '#test/support/fault-when.ts';
import { changesOf, rules, type TestRoll } from './open-roll.ts';
import { password, useDesk } from './sign-in-desk.ts';

const { desk, makePerson } = useDesk();
let roll: TestRoll;
let admin: Caller;
let userName: string;
beforeEach(() => {
  ({ roll, admin, name: userName } = desk);
});

const unchecked = { ...rules, passwords: 'unchecked' } as const;
const create = (caller: Caller, more: object) =>
  createPerson(caller, roll.db, { changes: changesOf({ userName }), rules, ...more });

describe('a password that comes with a new person', () => {
  test('is checked, unless the rules take any', async () => {
    const changes = changesOf({ userName, password: 'a' });
    expect(await faultWhen(create(admin, { changes }))).toMatchObject({ kind: 'invalid_value' });
    const id = await create(admin, { changes, rules: unchecked });
    expect((await desk.enter(userName, { password: 'a' })).person).toBe(id);
  });

  test('may be a temporary one, which has to be changed, in the transaction that makes the person', async () => {
    const sending = vi.spyOn(pg.Client.prototype, 'query');
    const id = await create(admin, { temporaryPassword: 'temporary' });
    const sent = sending.mock.calls.map(([query]) => (query as unknown as Query).text);
    sending.mockRestore();
    expect(sent.filter((text) => /insert into (app_user|password)/.test(text))).toHaveLength(2);
    // Nobody can have signed in yet: there is nothing to end, and one version of the row says all.
    expect(sent.filter((text) => /update app_user|delete from/.test(text))).toEqual([]);
    expect(await desk.enter(userName, { password: 'temporary' })).toMatchObject({ person: id, mustChange: true });
    const { rows } = await roll.client.query(
      'select temporary, expires_at > now() as lasts from password where user_id = $1',
      [id],
    );
    expect(rows).toEqual([{ temporary: true, lasts: true }]);
    const made = (await roll.journal()).filter(({ resource }) => resource === id);
    expect(made[0]).toMatchObject({ action: 'created' });
    expect(made[0]?.changes).toContainEqual({ path: 'muster.mustChangePassword', to: true });
    expect(JSON.stringify(made)).not.toContain('temporary"');
  });

  test('that is temporary needs the right for passwords, and without it nobody is made', async () => {
    const fault = await faultWhen(create(roll.caller, { temporaryPassword: 'temporary' }));
    expect(fault).toMatchObject({ kind: 'forbidden' });
    await create(roll.caller, {});
  });
});

describe('the policy of a password', () => {
  test('is the one that the dialect names, else its usual one', async () => {
    const id = await makePerson();
    const set = (wish: object) => setPassword(admin, roll.db, id, { password: 'secret', ...wish });
    expect(await faultWhen(set({}))).toMatchObject({ kind: 'invalid_value' });
    expect(await faultWhen(set({ policy: 'metabase-strong' }))).toMatchObject({ message: 'password is too common.' });
    await set({ policy: 'metabase-weak' });
    expect((await desk.enter(userName, { password: 'secret' })).person).toBe(id);
  });
});

describe('one’s own password', () => {
  const wish = { policy: 'default', sessionPolicy: 'fixed', password: 'another horse battery' } as const;
  const superuser = async () => {
    const id = await makePerson({ muster: { superuser: true } });
    return { ...admin, person: id };
  };
  const wrong = { kind: 'invalid_value', details: { attribute: 'oldPassword', rule: 'wrong_password' } };

  test('is changed by a superuser without the old one, which ends his sessions and begins one', async () => {
    const self = await superuser();
    const before = await desk.enter(userName);
    const { token } = await changePassword(self, roll.db, wish);
    expect([await desk.isLive(before.token), await desk.isLive(token)]).toEqual([false, true]);
    expect((await desk.enter(userName, { password: wish.password })).person).toBe(self.person);
  });

  test('is not changed without the old one by anybody else, nor with a wrong one', async () => {
    const self: Caller = { ...roll.caller, person: await makePerson(), rights: [] };
    expect(await faultWhen(changePassword(self, roll.db, wish))).toMatchObject(wrong);
    expect(await faultWhen(changePassword(self, roll.db, { ...wish, oldPassword: 'wrong' }))).toMatchObject(wrong);
    const demoted: Caller = { ...admin, person: self.person ?? '' };
    expect(await faultWhen(changePassword(demoted, roll.db, wish))).toMatchObject(wrong);
    await changePassword(self, roll.db, { ...wish, oldPassword: password });
  });

  test('of a protected account needs the old one', async () => {
    const self = await superuser();
    await protectUser(roll.admin, roll.db, self.person, true);
    const fault = await faultWhen(changePassword(self, roll.db, wish));
    expect(fault).toMatchObject({ kind: 'forbidden', details: { rule: 'protected_account' } });
    await changePassword(self, roll.db, { ...wish, oldPassword: password });
    expect((await roll.get(userType, self.person)).version).toBe(2);
  });
});
