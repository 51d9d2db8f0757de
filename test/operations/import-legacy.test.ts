import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { callbox } from '#dialects/callbox/callbox.ts';
import { metabase } from '#dialects/metabase/metabase.ts';
import { readExport } from '#dialects/read-export.ts';
import type { Caller } from '#domain/caller.ts';
import { getPerson } from '#operations/get-person.ts';
import { importPeople } from '#operations/import-people.ts';
import type { ImportPlan } from '#operations/import-plan.ts';
import { planImport } from '#operations/plan-import.ts';
import { counts, type ImportDesk, openImportDesk, record, wish } from './import-desk.ts';
import { openRoll, type TestRoll } from './open-roll.ts';

let roll: TestRoll;
let desk: ImportDesk;
beforeAll(async () => {
  roll = await openRoll(18);
});
beforeEach(async () => {
  desk = await openImportDesk(roll);
});
afterAll(() => roll.close());

describe('an import', () => {
  test('puts on the roll who is not there, with everything that the old system knows of him', async () => {
    const full = record(41, 'Ada', {
      ...{
        first_name: 'Ada',
        last_name: null,
        is_active: false,
        is_superuser: false,
        is_qbnewb: false,
        locale: 'es_MX',
      },
      ...{
        sso_source: 'saml',
        login_attributes: { region: 'north', age: 4 },
        last_login: '2025-01-15T11:23:16.806002Z',
      },
      ...{ group_ids: [1, 2], common_name: 'Ada', personal_collection_id: 7 },
    });
    expect(counts((await desk.carryOut(wish({ data: [full], total: 1, limit: null, offset: null }))).people)).toEqual([
      1, 0, 0, 0,
    ]);
    expect((await desk.person('41')).values).toEqual({
      ...{ userName: 'ada@example.org', name: { givenName: 'Ada' }, active: false, locale: 'es_MX' },
      emails: [{ type: 'work', value: 'ada@example.org', primary: true }],
      muster: {
        ...{ superuser: true, ssoSource: 'saml', dismissedHints: ['qbnewb'], lastLoginAt: '2025-01-15T11:23:16.806Z' },
        loginAttributes: [
          { name: 'region', value: 'north' },
          { name: 'age', value: '4' },
        ],
      },
    });
  });

  test('brings CallBox its people with their permissions', async () => {
    if (callbox.exports === undefined) throw new Error('CallBox exports');
    const item = {
      ...record(5, 'aida'),
      is_active: true,
      must_change_password: true,
      permissions: ['can_view_billing'],
    };
    const more = { failed_login_attempts: 3, locked_until: null, last_login_at: '2025-11-21T17:46:00.123456' };
    const exported = readExport(callbox.exports, { people: JSON.stringify([{ ...item, ...more }]) });
    const own = { dialect: 'callbox', keys: 'number' } as const;
    await desk.carryOut({ namespace: own, exported, givesWay: false });
    expect((await getPerson(desk.caller, roll.db, own, '5')).values.muster).toEqual({
      ...{ canViewBilling: true, mustChangePassword: true, lastLoginAt: '2025-11-21T17:46:00.123Z' },
    });
  });

  test('gives who is known by user name or e-mail the id alone, and says what is otherwise in the old system', async () => {
    const byName = await desk.put('ADA@example.org', { name: { givenName: 'Augusta' } });
    const byEmail = await desk.put('bob', { emails: [{ value: 'bob@example.org' }] });
    const records = [
      record(70, 'ada', { first_name: 'Ada', is_superuser: true, is_active: false }),
      record(71, 'bob', { is_active: true }),
    ];
    const plan = await desk.carryOut(wish(records));
    expect(plan.people.matched.map(({ id, differs }) => [id, [...differs].sort()])).toEqual([
      [byName.id, ['active', 'emails', 'muster.superuser', 'name']],
      [byEmail.id, []],
    ]);
    expect((await desk.person('70')).values).toMatchObject({ name: { givenName: 'Augusta' }, active: true });
    expect((await desk.person('71')).id).toBe(byEmail.id);
    await expect(desk.person(String(byEmail.number))).rejects.toMatchObject({ kind: 'not_found' });
  });

  test('is planned without a trace', async () => {
    await desk.put('first');
    const rows = await desk.journalRows();
    expect(counts((await planImport(desk.caller, roll.db, wish([record(9, 'ada')]))).people)).toEqual([1, 0, 0, 0]);
    expect(await desk.journalRows()).toBe(rows);
    expect((await desk.put('second')).number).toBe(2);
  });

  test('changes nothing the second time, whatever has changed here since', async () => {
    const wanted = wish([record(8, 'ada', { group_ids: [1, 30] }), record(9, 'bob')], {
      groups: [{ id: 30, name: 'Sales' }],
    });
    await desk.carryOut(wanted);
    const { id, groups } = await desk.person('8');
    await roll.client.query('delete from group_member where tenant = $1', [desk.caller.tenant]);
    const rows = await desk.journalRows();
    const again = await desk.carryOut(wanted);
    expect([counts(again.people), counts(again.groups)]).toEqual([
      [0, 0, 2, 0],
      [0, 0, 1, 0],
    ]);
    expect(await desk.journalRows()).toBe(rows);
    expect([groups?.map(({ key }) => key), await desk.person('8')]).toEqual([
      ['30'],
      expect.objectContaining({ id, groups: [] }),
    ]);
  });

  test('that broke off in the middle is finished by the next', async () => {
    const people = Array.from({ length: 250 }, (_, index) => record(index + 500, `p${index}`, { group_ids: [1, 9] }));
    const wanted = wish(people, { groups: [{ id: 9, name: 'All of them' }] });
    const broken = importPeople(desk.caller, roll.db, wanted);
    await broken.next();
    await broken.next();
    await broken.return({} as ImportPlan);
    const rest = await desk.carryOut(wanted);
    expect([counts(rest.people), counts(rest.groups)]).toEqual([
      [50, 0, 200, 0],
      [0, 0, 1, 0],
    ]);
    const { rows } = await roll.client.query('select count(*)::int as all from group_member where tenant = $1', [
      desk.caller.tenant,
    ]);
    expect(rows[0].all).toBe(250);
  });

  test('tells each person and each group in one row of the journal', async () => {
    const known = await desk.put('ada@example.org');
    const before = await desk.journalRows();
    await desk.carryOut(
      wish([record(7, 'ada', { group_ids: [5] }), record(8, 'bob')], { groups: [{ id: 5, name: 'Sales' }] }),
    );
    const { rows } = await roll.client.query(
      'select kind, action, resource, changes::jsonb as changes from journal where tenant = $1 order by sequence offset $2',
      [desk.caller.tenant, before],
    );
    expect(rows.map(({ kind, action }) => `${kind} ${action}`)).toEqual([
      'User updated',
      'Group created',
      'User created',
    ]);
    expect(rows[0]).toMatchObject({ resource: known.id, changes: [{ path: 'broughtIds.metabase', to: '7' }] });
    expect(rows[1].changes).toContainEqual({ path: 'broughtIds.metabase', to: '5' });
    expect(rows[1].changes).toContainEqual({ path: 'members', added: [known.id], removed: [] });
    expect(rows[2].changes).toContainEqual({ path: 'broughtIds.metabase', to: '8' });
  });

  test('lets later numbers begin past the highest id, for groups too', async () => {
    await desk.put('first');
    await desk.carryOut(wish([record(900, 'ada')], { groups: [{ id: 50, name: 'Sales' }] }));
    expect((await desk.put('second')).number).toBeGreaterThan(901);
    expect((await desk.putGroup('Later')).number).toBeGreaterThan(50);
  });
});

describe('a record that cannot be used', () => {
  test('is named with its place and field, and keeps nobody else from coming along', async () => {
    const records = [
      ...[
        7,
        { id: 'x' },
        { id: 2 ** 31, email: 'a@b' },
        record(1, 'twice'),
        record(1, 'twin'),
        { id: 5 },
        { id: 6, email: 'none' },
      ],
      ...[
        record(7, 'a', { is_active: 'yes' }),
        record(8, 'b', { group_ids: ['x'] }),
        record(9, 'c', { first_name: 'x'.repeat(70_000) }),
      ],
      ...[record(10, 'd', { last_login: 'yesterday' }), record(13371338, 'internal'), record(11, 'fine')],
    ];
    const plan = await desk.carryOut(wish(records, { groups: [{ id: 3, name: ' ' }, { id: 4 }] }));
    expect(plan.bad.map(({ list, index, field }) => `${list}[${index}].${field}`).sort()).toEqual(
      [
        ...['people[0].record', 'people[1].id', 'people[2].id', 'people[3].id', 'people[4].id', 'people[5].email'],
        ...['people[6].email', 'people[7].is_active', 'people[8].group_ids', 'people[9].name.givenName'],
        ...['people[10].last_login', 'groups[0].displayName', 'groups[1].name'],
      ].sort(),
    );
    expect(plan.bad.find(({ index }) => index === 7)).toMatchObject({
      ...{ name: 'a@example.org', detail: 'should be true or false' },
    });
    expect(plan.bad.find(({ index }) => index === 9)?.name).toBe('c@example.org');
    expect(counts(plan.people)).toEqual([1, 0, 0, 0]);
  });

  test.each([
    ['nothing', '', /is empty/],
    ['an error', 'API endpoint does not exist.', /is not JSON: look into it/],
    ['an object', '{"data":{}}', /holds no list/],
    ['a page', '{"data":[],"total":3}', /holds 0 of 3: save the answer without limit/],
    ['too many', `[${'{},'.repeat(200_000)}{}]`, /more than 200000/],
    ['a key twice', '[{"id":1,"id":2}]', /same key twice/],
  ])('is no record of a file that is no list: %s', (_name, text, words) => {
    expect(() => readExport(metabase.exports ?? expect.fail(), { people: text })).toThrow(words);
  });
});

describe('a list of something else', () => {
  const own = metabase.exports ?? expect.fail();
  const staff = callbox.exports ?? expect.fail();
  const ofMetabase = [{ ...record(1, 'ada'), date_joined: '2025-01-15T11:23:16Z', common_name: 'Ada' }];
  const ofCallBox = [{ ...record(1, 'ada'), created_at: '2025-01-15T11:23:16Z', can_view_monitoring: true }];
  const groupsOf = [{ id: 7, name: 'Sales', member_count: 2 }];
  const text = (list: object) => JSON.stringify(list);

  test('is refused with the name of what it looks like', () => {
    const groups = { people: text(ofMetabase), groups: text(ofMetabase) };
    expect(() => readExport(own, { people: text(ofCallBox) }, { callbox: staff })).toThrow(
      'the file with the people looks like the list of people of callbox: give what GET /api/user?status=all answers, or choose --dialect callbox',
    );
    expect(() => readExport(staff, { people: text({ data: ofMetabase }) }, { metabase: own })).toThrow(/of metabase:/);
    expect(() => readExport(own, { people: text(groupsOf) })).toThrow(/people looks like the list of groups: give/);
    expect(() => readExport(own, groups)).toThrow(/groups looks like the list of people: give what GET \/api\/perm/);
    expect(() => readExport(staff, { people: text(groupsOf) }, { metabase: own })).toThrow(
      /list of groups of metabase:/,
    );
  });

  test('is not seen in a list with few fields, nor in one with fields of its own', () => {
    const few = [record(1, 'ada'), 7];
    const mixed = [...ofMetabase, ...ofCallBox];
    expect(readExport(own, { people: text(few) }, { callbox: staff }).people).toHaveLength(1);
    expect(readExport(own, { people: text(ofMetabase), groups: text(groupsOf) }, { callbox: staff })).toMatchObject({
      people: [{ key: '1' }],
      groups: [{ key: '7' }],
    });
    expect(readExport(own, { people: text(mixed) }, { callbox: staff }).bad).toHaveLength(2);
  });
});

describe('groups', () => {
  test('are known by name, and get the people of the list; 1 and 2 are nobody’s', async () => {
    const sales = await desk.putGroup('SALES');
    const ada = await desk.put('ada@example.org');
    const people = [record(50, 'ada', { group_ids: [1, 2, 30] }), record(51, 'bob', { group_ids: [1, 30, 31, 77] })];
    const groups = [
      { id: 1, name: 'All Users' },
      { id: 2, name: 'Administrators' },
      { id: 30, name: 'Sales' },
      { id: 31, name: 'New' },
    ];
    const plan = await desk.carryOut(wish(people, { groups }));
    expect([counts(plan.groups), plan.memberships]).toEqual([[1, 1, 0, 0], { added: 3, leftOut: 1 }]);
    expect(await desk.person('50')).toMatchObject({ id: ada.id, groups: [{ id: sales.id, key: '30' }] });
    expect((await desk.person('50')).values.muster).toBeUndefined();
    expect((await desk.person('51')).groups?.map(({ key }) => key)).toEqual(['30', '31']);
  });

  test('that come along after the people get them then', async () => {
    const people = [record(60, 'ada', { group_ids: [1, 40] })];
    expect((await desk.carryOut(wish(people))).memberships).toEqual({ added: 0, leftOut: 1 });
    const plan = await desk.carryOut(wish(people, { groups: [{ id: 40, name: 'Late' }] }));
    expect([counts(plan.people), plan.memberships]).toEqual([[0, 0, 1, 0], { added: 1, leftOut: 0 }]);
    expect((await desk.person('60')).groups?.map(({ key }) => key)).toEqual(['40']);
  });
});

test('who is no admin brings nobody along', async () => {
  const stranger: Caller = { ...desk.caller, rights: ['read', 'write', 'superuser'] };
  await expect(planImport(stranger, roll.db, wish([]))).rejects.toMatchObject({ kind: 'forbidden' });
  await expect(importPeople(stranger, roll.db, wish([])).next()).rejects.toMatchObject({ kind: 'forbidden' });
});
