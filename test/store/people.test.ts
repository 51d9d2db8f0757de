import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Values } from '#attributes/attribute.ts';
import { groupType, orgUnitType, type ResourceType, userType } from '#attributes/resource-type.ts';
import { checkFilter } from '#domain/check-filter.ts';
import type { Filter } from '#domain/filter.ts';
import type { Namespace } from '#domain/person.ts';
import { addMembers } from '#store/change-members.ts';
import type { Db } from '#store/database.ts';
import { lockResource } from '#store/find-resource.ts';
import { findByKey, findByKeys } from '#store/keys.ts';
import { listPeopleIds, type PeopleListing } from '#store/list-people.ts';
import { readPeople, readPerson } from '#store/read-people.ts';
import { insertResource, saveResource } from '#store/save-resource.ts';
import { insertTenant } from '#store/tenants.ts';
import { freshDatabase } from '#test/support/database.ts';
import { postgresVersions } from '#test/support/postgres-versions.ts';
import { openTestDatabase } from './open-test-database.ts';

const numbered: Namespace = { dialect: 'metabase', keys: 'number' };
const old: Namespace = { dialect: 'callbox', keys: 'number' };
const hex: Namespace = { dialect: 'idealist', keys: 'objectId' };
const connection = '01890000-0000-7000-8000-00000000000c';
const idOf = (digits: string) => `01890000-0000-7000-8000-${digits.padStart(12, '0')}`;
const objectIdOf = (id: string) => id.slice(-12).padStart(24, '0');
const franchisee = idOf('f');

/** In the order of their numbers. */
const people: Readonly<Record<string, Values>> = {
  Zoe: { name: { givenName: 'Zoe', familyName: 'Adams' }, muster: { superuser: true } },
  anna: { name: { givenName: 'anna', familyName: 'Żak' } },
  Ann: { name: { givenName: 'Ann', familyName: 'Lee' }, active: false },
  Ida: { name: { givenName: 'ANNA', familyName: 'Berg' }, emails: [{ value: 'A_b%c@example.org' }] },
  nobody: {},
  Lee: { name: { familyName: 'Lee' }, muster: { failedLoginAttempts: 2 } },
  Emile: { name: { givenName: 'Émile' }, muster: { franchisee: { value: franchisee }, shops: [{ value: idOf('5') }] } },
};
const names = Object.keys(people);
const ids = new Map(names.map((name, index) => [name, idOf(String(index + 1))]));
const id = (name: string) => ids.get(name) ?? '';
const nameOf = (of: string) => [...ids].find(([, one]) => one === of)?.[0];
const [club, other] = [idOf('a1'), idOf('a2')];

describe.each(postgresVersions)('on PostgreSQL %i', (version) => {
  let db: Db;
  let tenant: number;
  const viewer = () => ({ tenant, connection });

  beforeAll(async () => {
    db = openTestDatabase(await freshDatabase(version));
    tenant = await db.transaction(async (tx) => {
      const made = await insertTenant(tx, 'people');
      const put = (type: ResourceType, of: string, values: Values) =>
        insertResource(tx, { tenant: made, connection }, type, { id: of, objectId: objectIdOf(of), values });
      for (const name of names) await put(userType, id(name), { active: true, userName: name, ...people[name] });
      await put(orgUnitType, franchisee, { kind: 'FRANCHISEE', displayName: 'Franchisee' });
      await put(groupType, club, { displayName: 'Club', muster: { managers: [{ value: id('Lee') }] } });
      await put(groupType, other, { displayName: 'Other' });
      await addMembers(tx, { tenant: made }, club, ['anna', 'Ann', 'Zoe', 'Lee'].map(id));
      await addMembers(tx, { tenant: made }, other, [id('Zoe'), club]);
      const brought = { Zoe: '900', Ida: '7', Emile: '80' };
      for (const [name, key] of Object.entries(brought)) {
        const values = [made, old.dialect, key, id(name)];
        tx.send({ text: `insert into brought_id values ($1, $2, 'User', $3, $4)`, values });
      }
      return made;
    });
  });
  afterAll(() => db.close());

  async function list(wish: Partial<PeopleListing>, bound: object = {}) {
    const listing = { namespace: numbered, order: 'name', ...wish } as const;
    const { total, ids } = await listPeopleIds(db, { ...viewer(), ...bound }, listing);
    return { total, names: ids.map(nameOf) };
  }

  const search = (pattern: string): Filter =>
    checkFilter(userType.attributes, {
      op: 'or',
      filters: ['name.givenName', 'name.familyName', 'emails.value'].map((path) => ({
        op: 'like',
        path,
        value: pattern,
      })),
    });
  const byName = ['Ann', 'Ida', 'anna', 'Zoe', 'Emile', 'Lee', 'nobody'];

  test('people are listed by first names, last name and number, who has none at the end', async () => {
    expect(await list({})).toEqual({ total: 7, names: byName });
    expect(await list({ active: true })).toEqual({ total: 6, names: byName.slice(1) });
    expect(await list({ active: false })).toEqual({ total: 1, names: ['Ann'] });
  });

  test('people are listed by last name and first names, who has none at the end', async () => {
    const order = ['Zoe', 'Ida', 'Ann', 'Lee', 'anna', 'Emile', 'nobody'];
    expect(await list({ order: 'family' })).toEqual({ total: 7, names: order });
    expect(await list({ order: 'family', active: true, page: { offset: 4, count: 2 } })).toEqual({
      total: 6,
      names: ['Emile', 'nobody'],
    });
  });

  test('people are listed by their numbers, those that were brought along as well', async () => {
    expect(await list({ order: 'key' })).toEqual({ total: 7, names });
    expect(await list({ order: 'key', namespace: old })).toEqual({
      total: 7,
      names: ['anna', 'Ann', 'nobody', 'Lee', 'Ida', 'Emile', 'Zoe'],
    });
  });

  test('a page is a part of the list and tells the whole length, wherever it is', async () => {
    for (const order of ['name', 'key', 'family', 'standing'] as const) {
      for (const filter of [undefined, search('%e%')]) {
        const wish = { order, ...(filter && { filter }) };
        const all = await list(wish);
        const page = await list({ ...wish, page: { offset: 1, count: 2 } });
        expect(page).toEqual({ total: all.total, names: all.names.slice(1, 3) });
        const beyond = await list({ ...wish, page: { offset: 100, count: 2 } });
        expect(beyond).toEqual({ total: all.total, names: [] });
        expect(await list({ ...wish, page: { offset: 0, count: 0 } })).toEqual({ total: all.total, names: [] });
      }
    }
  });

  test.each([
    ['%NN%', ['Ann', 'Ida', 'anna']],
    ['%n%', ['Ann', 'Ida', 'anna']],
    ['%żak%', ['anna']],
    ['%a_na%', ['Ida', 'anna']],
    ['%a%n%', ['Ann', 'Ida', 'anna']],
    ['%_b%c@EXAM%', ['Ida']],
    ['%lee', ['Ann', 'Lee']],
    ['%%', ['Ann', 'Ida', 'anna', 'Zoe', 'Emile', 'Lee']],
    ['%xyz%', []],
  ])('a search for %s finds it in first names, last names and e-mails', async (pattern, found) => {
    expect(await list({ filter: search(pattern) })).toEqual({ total: found.length, names: found });
  });

  test('the members of a group are those who are in it directly', async () => {
    expect(await list({ group: club })).toEqual({ total: 4, names: ['Ann', 'anna', 'Zoe', 'Lee'] });
    expect(await list({ group: other })).toEqual({ total: 1, names: ['Zoe'] });
    expect(await list({ group: club, filter: search('%nn%'), active: true })).toEqual({ total: 1, names: ['anna'] });
  });

  test('in a group superusers come first, then its managers', async () => {
    const order = 'standing';
    expect(await list({ order, group: club })).toEqual({ total: 4, names: ['Zoe', 'Lee', 'Ann', 'anna'] });
    expect(await list({ order, active: true })).toEqual({
      total: 6,
      names: ['Zoe', 'Ida', 'anna', 'Emile', 'Lee', 'nobody'],
    });
  });

  test('who is bound to a franchisee lists its people, whatever he asks', async () => {
    const wishes = [{}, { order: 'key' }, { order: 'family' }, { filter: search('%e%') }, { active: true }] as const;
    for (const wish of wishes) expect(await list(wish, { franchisee })).toEqual({ total: 1, names: ['Emile'] });
    expect(await list({ group: club }, { franchisee })).toEqual({ total: 0, names: [] });
  });

  test('people are found under the ids under which they are shown', async () => {
    for (const namespace of [numbered, old, hex]) {
      const shown = await readPeople(db, viewer(), namespace, [...ids.values()], { groups: false });
      const keys = shown.map(({ key }) => key);
      const found = await findByKeys(db, tenant, userType, namespace, keys);
      expect(keys.map((key) => found.get(key))).toEqual([...ids.values()]);
    }
    const keysOf = async (namespace: Namespace) =>
      (await readPeople(db, viewer(), namespace, ['Zoe', 'anna'].map(id), { groups: false })).map(({ key }) => key);
    expect(await keysOf(numbered)).toEqual(['1', '2']);
    expect(await keysOf(old)).toEqual(['900', '2']);
    expect(await keysOf(hex)).toEqual(['Zoe', 'anna'].map(id).map(objectIdOf));
  });

  test('under the number of somebody who has an id brought along nobody is found', async () => {
    expect(await findByKey(db, tenant, userType, old, '1')).toBeUndefined();
    expect(await findByKey(db, tenant, userType, old, '7')).toBe(id('Ida'));
  });

  test('groups have numbers of their own, the first of them 3', async () => {
    expect(await findByKey(db, tenant, groupType, numbered, '3')).toBe(club);
    expect(await findByKey(db, tenant, groupType, numbered, '2')).toBeUndefined();
  });

  test.each(['', '0', '-1', '007', '1.0', ' 1', '9223372036854775808', '9'.repeat(400), 'a\0b', '\ud800', 'x'])(
    'nobody is found under %j',
    async (key) => {
      for (const namespace of [numbered, old, hex]) {
        expect(await findByKey(db, tenant, userType, namespace, key)).toBeUndefined();
      }
    },
  );

  test('people are read in the order of the ids, with their state and their direct groups', async () => {
    const asked = ['Lee', 'nobody', 'Zoe'].map(id);
    const [lee, nobody, zoe] = await readPeople(db, viewer(), numbered, [...asked, idOf('404')], { groups: true });
    expect(lee).toEqual({
      id: id('Lee'),
      key: '6',
      version: 1,
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3}Z$/),
      modifiedAt: lee?.createdAt,
      values: { active: true, userName: 'Lee', ...people.Lee },
      groups: [{ id: club, key: '3', manages: true }],
    });
    expect(nobody?.groups).toEqual([]);
    expect(zoe?.groups).toEqual([
      { id: club, key: '3', manages: false },
      { id: other, key: '4', manages: false },
    ]);
    expect(await readPerson(db, viewer(), numbered, id('Lee'), { groups: true })).toEqual(lee);
    expect(await readPerson(db, viewer(), numbered, id('Lee'), { groups: false })).not.toHaveProperty('groups');
    expect(await readPerson(db, viewer(), numbered, idOf('404'), { groups: true })).toBeUndefined();
  });

  test('whoever is renamed has another place in the order', async () => {
    await db.transaction(async (tx) => {
      const locked = await lockResource(tx, viewer(), userType, id('nobody'));
      if (locked === undefined) throw new Error('there is nobody');
      const after = { active: true, userName: 'nobody', name: { givenName: 'Aaron' } };
      saveResource(tx, viewer(), userType, locked.resource, after, { time: locked.time, differences: [] });
    });
    expect((await list({ active: true })).names).toEqual(['nobody', ...byName.slice(1, -1)]);
  });

  test('who is bound to a franchisee reads its people, without references to what he does not see', async () => {
    const bound = { ...viewer(), franchisee };
    expect(await readPerson(db, bound, numbered, id('Zoe'), { groups: true })).toBeUndefined();
    const emile = await readPerson(db, bound, numbered, id('Emile'), { groups: true });
    expect(emile?.values.muster).toEqual({ franchisee: { value: franchisee } });
    const whole = await readPerson(db, viewer(), numbered, id('Emile'), { groups: true });
    expect(whole?.values.muster).toEqual(people.Emile?.muster);
  });
});
