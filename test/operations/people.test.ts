import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Values } from '#attributes/attribute.ts';
import { groupType, orgUnitType, userType } from '#attributes/resource-type.ts';
import { type Caller, noConnection } from '#domain/caller.ts';
import type { Change } from '#domain/change.ts';
import type { Person } from '#domain/person.ts';
import { createPerson } from '#operations/create-person.ts';
import { getOwnPerson, getPerson, getPersonById } from '#operations/get-person.ts';
import { listPeople, type PeopleList, type PeopleWish } from '#operations/list-people.ts';
import { protectUser } from '#operations/protect-user.ts';
import { updatePerson } from '#operations/update-person.ts';
import { changesOf, openRoll, rules, type TestRoll, valuesIn } from './open-roll.ts';
import { waitForWaiting } from './wait-for-waiting.ts';

const namespace = { dialect: 'metabase', keys: 'number' } as const;
const forbidden = { kind: 'forbidden' };
const notFound = { kind: 'not_found' };
const nobody = '00000000-0000-7000-8000-00000000dead';

let roll: TestRoll;
let names = 0;
beforeAll(async () => {
  roll = await openRoll(18);
});
afterAll(() => roll.close());

const make = async (values: Values = {}) => {
  names += 1;
  return roll.create(userType, { userName: `name${names}`, ...values });
};
const signedIn = (person: string): Caller => ({ ...roll.caller, connection: noConnection, person, rights: [] });
const set = (path: string, value: Change['value']) => ({ op: 'set', path, value }) as Change;
const update = (caller: Caller, id: string, changes: readonly Change[], more = {}) =>
  updatePerson(caller, roll.db, id, { changes, rules: { ...rules, ...more } });
const valuesOf = async (id: string) => valuesIn(userType, await roll.get(userType, id));

describe('a person', () => {
  test('is read by the key that clients know, active or not, with his groups when they are asked for', async () => {
    const { id, number } = await make({ active: false, title: 'Dr.' });
    const club = await roll.create(groupType, { displayName: 'club' }, { members: [id] });
    const person = await getPerson(roll.caller, roll.db, namespace, String(number), { groups: true });
    expect(person).toMatchObject({ id, key: String(number), version: 1, values: { active: false, title: 'Dr.' } });
    expect(person.groups).toEqual([{ id: club.id, key: String(club.number), manages: false }]);
    expect((await getPerson(roll.caller, roll.db, namespace, String(number))).groups).toBeUndefined();
    await expect(getPerson(roll.caller, roll.db, namespace, '999999')).rejects.toMatchObject(notFound);
  });

  test('without the right to read reads himself alone, and hears the same of others as of nobody', async () => {
    const [own, other] = [await make(), await make()];
    const self = signedIn(own.id);
    expect((await getPerson(self, roll.db, namespace, String(own.number))).id).toBe(own.id);
    expect((await getOwnPerson(self, roll.db, namespace)).id).toBe(own.id);
    expect((await getPersonById(self, roll.db, namespace, own.id)).id).toBe(own.id);
    for (const id of [other.id, nobody])
      await expect(getPersonById(self, roll.db, namespace, id)).rejects.toMatchObject(forbidden);
    const faults = await Promise.all(
      [String(other.number), '999999', 'x'].map((key) =>
        getPerson(self, roll.db, namespace, key).catch(({ kind, message }) => `${kind} ${message}`),
      ),
    );
    expect(new Set(faults)).toEqual(new Set(['forbidden this needs the right "read"']));
    await expect(getOwnPerson(roll.caller, roll.db, namespace)).rejects.toMatchObject(forbidden);
  });

  test('of another franchisee is nobody to a caller who is bound', async () => {
    const unit = await roll.create(orgUnitType, { kind: 'FRANCHISEE', displayName: 'one' });
    const [own, stranger] = [await make({ muster: { franchisee: { value: unit.id } } }), await make()];
    const bound: Caller = { ...roll.other, rights: ['read', 'write'], franchisee: unit.id };
    expect((await getPerson(bound, roll.db, namespace, String(own.number))).id).toBe(own.id);
    await expect(getPerson(bound, roll.db, namespace, String(stranger.number))).rejects.toMatchObject(notFound);
    await expect(update(bound, stranger.id, [set('title', 'Dr.')])).rejects.toMatchObject(notFound);
    await expect(update(bound, nobody, [set('title', 'Dr.')])).rejects.toMatchObject(notFound);
    await update(bound, own.id, [set('title', 'Dr.')]);
    expect(await valuesOf(own.id)).toMatchObject({ title: 'Dr.' });
    expect(await keysIn(await list(bound))).toEqual([[String(own.number)]]);
  });
});

const list = (caller: Caller, wish: Partial<PeopleWish> = {}) =>
  listPeople(caller, roll.db, { namespace, order: 'key', groups: false, ...wish });
const keysIn = async ({ chunks }: PeopleList) => {
  const all: string[][] = [];
  for await (const chunk of chunks) all.push(chunk.map(({ key }: Person) => key));
  return all;
};

describe('a list of people', () => {
  test('needs the right to read', async () => {
    await expect(list(signedIn((await make()).id))).rejects.toMatchObject(forbidden);
  });

  test('is given in order, 500 at a time, without those who were deleted since it was asked for', async () => {
    const first = await make({ title: 'listed' });
    await roll.client.query(
      `insert into app_user (tenant, id, number, object_id, has_references, label, document, active, user_name_key)
        select $1, gen_random_uuid(), 100000 + i, 'listed' || i, false, 'x', document, true, 'listed' || i
        from app_user, generate_series(1, 501) as i where tenant = $1 and id = $2`,
      [roll.caller.tenant, first.id],
    );
    const page = { offset: 0, count: 600 };
    const listed = await list(roll.caller, { page });
    const { total, chunks } = await list(roll.caller, { page });
    expect(total).toBeGreaterThan(0);
    const iterator = chunks[Symbol.asyncIterator]();
    expect((await iterator.next()).value).toHaveLength(500);
    await roll.client.query('delete from app_user where number > 100000 and number <> 100501');
    const rest = (await iterator.next()).value as Person[];
    expect(rest.map(({ key }) => key)).toEqual(['100501']);
    expect((await iterator.next()).done).toBe(true);
    const keys = (await keysIn(listed)).flat().map(Number);
    expect(keys).toEqual([...keys].sort((one, other) => one - other));
    await roll.client.query('delete from app_user where number > 100000');
  });

  test('is narrowed by a filter as a dialect builds it, by state and by group', async () => {
    const [ada, bob] = [await make({ title: 'Pilot' }), await make({ title: 'pilot', active: false })];
    const club = await roll.create(groupType, { displayName: 'pilots' }, { members: [bob.id] });
    const filter = { op: 'co', path: 'title', value: 'PILOT' } as const;
    expect(await keysIn(await list(roll.caller, { filter }))).toEqual([[String(ada.number), String(bob.number)]]);
    expect(await keysIn(await list(roll.caller, { filter, active: true }))).toEqual([[String(ada.number)]]);
    const ofGroup = await list(roll.caller, { group: club.id, groups: true });
    expect(ofGroup.total).toBe(1);
    for await (const chunk of ofGroup.chunks) expect(chunk[0]?.groups).toMatchObject([{ id: club.id }]);
  });
});

describe('who is signed in without rights', () => {
  test('changes of himself what everybody may, and the journal has what was and what is', async () => {
    const { id } = await make({ name: { givenName: 'Ada', familyName: 'L' }, title: 'Dr.' });
    const before = (await roll.journal()).length;
    await update(signedIn(id), id, [
      set('name.givenName', 'Ann'),
      set('locale', 'es_MX'),
      set('timezone', 'Europe/Riga'),
      set('muster.dismissedHints', ['qbnewb']),
    ]);
    expect((await roll.journal()).slice(before)).toMatchObject([
      {
        ...{ kind: 'User', resource: id, action: 'updated' },
        changes: [
          { path: 'name', from: { givenName: 'Ada', familyName: 'L' }, to: { givenName: 'Ann', familyName: 'L' } },
          { path: 'locale', to: 'es_MX' },
          { path: 'timezone', to: 'Europe/Riga' },
          { path: 'muster.dismissedHints', to: ['qbnewb'] },
        ],
      },
    ]);
  });

  test.each<[string, Change]>([
    ['the flag superuser', set('muster.superuser', true)],
    ['his state', set('active', false)],
    ['his password', set('password', 'correct horse battery')],
    ['his title', set('title', 'Dr.')],
    ['what begins like what he may change', set('nameless', 'x')],
    ['a whole extension', set('muster', { dismissedHints: ['qbnewb'] })],
  ])('does not change %s, nor what he may beside it', async (_what, change) => {
    const { id } = await make();
    const changing = update(signedIn(id), id, [set('locale', 'es'), change]);
    await expect(changing).rejects.toMatchObject({ ...forbidden, details: { attribute: change.path } });
    expect((await roll.get(userType, id)).version).toBe(1);
  });

  test('takes the name to sign in with along with his e-mail, and has no other', async () => {
    const emails = (value: string) => set('emails', [{ value, primary: true }]);
    const { id } = await make({ userName: 'old@x.org', emails: [{ value: 'old@x.org' }] });
    await update(signedIn(id), id, [set('userName', 'new@x.org'), emails('new@x.org')]);
    expect(await valuesOf(id)).toMatchObject({ userName: 'new@x.org', emails: [{ value: 'new@x.org' }] });
    await expect(update(signedIn(id), id, [set('userName', 'root')])).rejects.toMatchObject(forbidden);
    const named = await make({ userName: 'no address', emails: [{ value: 'some@x.org' }] });
    const renaming = update(signedIn(named.id), named.id, [set('userName', 'some@x.org')]);
    await expect(renaming).rejects.toMatchObject({ ...forbidden, details: { attribute: 'userName' } });
  });

  test('changes nobody else, and does not hear who there is', async () => {
    const [self, other] = [await make(), await make()];
    for (const id of [other.id, nobody, 'x']) {
      for (const wish of [{ changes: [set('locale', 'es')] }, { changes: [] }, { changes: [], groups: [] }]) {
        const changing = updatePerson(signedIn(self.id), roll.db, id, { ...wish, rules });
        await expect(changing).rejects.toMatchObject(forbidden);
      }
    }
  });

  test('keeps the e-mail of a protected account', async () => {
    const { id } = await make({ emails: [{ value: 'kept@x.org' }] });
    await protectUser(roll.admin, roll.db, id, true);
    const changing = update(signedIn(id), id, [set('emails', [{ value: 'other@x.org' }])]);
    await expect(changing).rejects.toMatchObject({ ...forbidden, details: { rule: 'protected_account' } });
    await update(signedIn(id), id, [set('locale', 'es')]);
  });
});

describe('a superuser', () => {
  const superuser = async (values: Values = {}) => (await make({ muster: { superuser: true }, ...values })).id;
  const asSuperuser = (id: string): Caller => ({
    ...signedIn(id),
    rights: ['read', 'write', 'passwords', 'superuser'],
  });
  const ends: [string, string, Change][] = [
    ['deactivate', 'own_account', set('active', false)],
    ['demote', 'own_superuser', set('muster.superuser', false)],
  ];

  test.each(ends)('does not %s himself where the rules say so', async (_what, rule, change) => {
    const [id, other] = [await superuser(), await superuser()];
    const ending = update(asSuperuser(id), id, [change], { ownAccount: 'kept' });
    await expect(ending).rejects.toMatchObject({ ...forbidden, details: { rule } });
    await update(asSuperuser(id), other, [change], { ownAccount: 'kept' });
    await update(asSuperuser(id), id, [set('title', 'Dr.')], { ownAccount: 'kept' });
    await superuser();
    await update(asSuperuser(id), id, [change]);
  });

  test('is ended by a connection, which is nobody, where nobody ends himself', async () => {
    const [id] = [await superuser(), await superuser()];
    await update(roll.caller, id, [set('active', false)], { ownAccount: 'kept' });
    expect(await valuesOf(id)).toMatchObject({ active: false });
  });

  test('who is the last one may rename himself, which nobody else may', async () => {
    const { rows } = await roll.client.query(
      `select owner from attribute_value where path = 'User.muster.superuser' and number_key = 1`,
    );
    const last = await superuser();
    for (const { owner } of rows) await update(roll.caller, owner, [set('muster.superuser', false)]);
    const lastFault = { ...forbidden, details: { rule: 'last_superuser' } };
    await expect(update(roll.caller, last, [set('userName', 'taken')])).rejects.toMatchObject(lastFault);
    for (const [, , change] of ends) {
      await expect(update(asSuperuser(last), last, [change])).rejects.toMatchObject(lastFault);
      await expect(update(roll.caller, last, [change])).rejects.toMatchObject(lastFault);
    }
    await update(asSuperuser(last), last, [set('userName', 'myself')]);
    expect(await valuesOf(last)).toMatchObject({ userName: 'myself', active: true, muster: { superuser: true } });
  });
});

describe('an e-mail that has to be unique', () => {
  const unique = { ...rules, emails: 'unique' } as const;
  const taken = { kind: 'already_exists', details: { attribute: 'emails.value' } };
  const emails = (...all: string[]) => all.map((value) => ({ value }));
  const create = (userName: string, ...all: string[]) =>
    createPerson(roll.caller, roll.db, { changes: changesOf({ userName, emails: emails(...all) }), rules: unique });

  test('is nobody else’s userName or e-mail, in any spelling, active or not', async () => {
    await make({ userName: 'first@x.org', active: false });
    await make({ emails: emails('second@x.org', 'Третий@x.org'), active: false });
    for (const email of ['FIRST@x.org', 'Second@X.org', 'тРЕТИЙ@x.org']) {
      await expect(create(`as ${email}`, 'free@x.org', email)).rejects.toMatchObject(taken);
    }
    const id = await create('free', 'free@x.org');
    const change = set('emails', emails('free@x.org', 'SECOND@x.org'));
    await expect(update(roll.caller, id, [change], { emails: 'unique' })).rejects.toMatchObject(taken);
    await update(roll.caller, id, [change]);
    await update(roll.caller, id, [set('title', 'Dr.')], { emails: 'unique' });
  });

  test('may be one’s own userName, and one’s own in another spelling', async () => {
    const id = await create('own@x.org', 'own@x.org');
    await update(roll.caller, id, [set('emails', emails('OWN@x.org'))], { emails: 'unique' });
    expect(await valuesOf(id)).toMatchObject({ emails: [{ value: 'OWN@x.org' }] });
  });

  test('is had by one of those who want it at the same moment', async () => {
    const existing = await make();
    await roll.client.query('begin');
    await roll.client.query('lock table app_user in share mode');
    const tries = Promise.allSettled([
      ...['a', 'b'].map((name) => create(`race ${name}`, 'Race@x.org')),
      update(roll.caller, existing.id, [set('emails', emails('race@x.org'))], { emails: 'unique' }),
    ]);
    await waitForWaiting(roll.client, 3);
    await roll.client.query('commit');
    const heard = (await tries).map((each) => (each.status === 'fulfilled' ? 'done' : each.reason.kind));
    expect(heard.sort()).toEqual(['already_exists', 'already_exists', 'done']);
  });
});
