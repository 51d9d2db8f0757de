import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Value, Values } from '#attributes/attribute.ts';
import { groupType, orgUnitType, type ResourceType, userType } from '#attributes/resource-type.ts';
import type { Change } from '#domain/change.ts';
import type { Filter } from '#domain/filter.ts';
import type { Resource } from '#domain/resource.ts';
import { actAs, faultIn } from './act-as.ts';
import { openRoll, rules, type TestRoll, valuesIn } from './open-roll.ts';

const never = '00000000-0000-7000-8000-00000000dead';

let roll: TestRoll;
let bound: ReturnType<typeof actAs>;
let own: Resource;
let other: Resource;
let [ownUnit, ownShop, otherUnit]: string[] = [];
let names = 0;

const make = (type: ResourceType, values: Values, more = {}) => roll.create(type, values, more);
const unit = async (kind: string, parent?: string) =>
  (await make(orgUnitType, { kind, displayName: kind, ...(parent !== undefined && { parent: { value: parent } }) })).id;
const person = (franchisee: string | undefined, values: Values = {}) => {
  names += 1;
  const { muster, ...others } = values;
  const placed = { ...(muster as Values), ...(franchisee !== undefined && { franchisee: { value: franchisee } }) };
  return make(userType, {
    userName: `name ${names}`,
    ...others,
    ...(Object.keys(placed).length > 0 && { muster: placed }),
  });
};

beforeAll(async () => {
  roll = await openRoll(18);
  ownUnit = await unit('FRANCHISEE');
  ownShop = await unit('SHOP', await unit('REGION', ownUnit));
  otherUnit = await unit('FRANCHISEE');
  await unit('SHOP', otherUnit);
  own = await person(ownUnit, { title: 'own' });
  other = await person(otherUnit, { title: 'other' });
  await person(undefined, { title: 'nobody’s' });
  bound = actAs(roll, { ...roll.other, rights: ['read', 'write'], franchisee: ownUnit });
});
afterAll(() => roll.close());

const values = async (type: ResourceType, id: string) => valuesIn(type, await bound.get(type, id));
const set = (path: string, value: Value): Change[] => [{ op: 'set', path, value }];
const idsOf = (resources: readonly Resource[]) => resources.map(({ id }) => id);

describe('who is bound to a franchisee', () => {
  test('sees its people, and of others what he sees of ids that never were', async () => {
    expect((await bound.get(userType, own.id)).id).toBe(own.id);
    for (const [type, id] of [
      [userType, other.id],
      [orgUnitType, otherUnit],
    ] as const) {
      expect(await faultIn(bound.get(type, id ?? ''))).toEqual(await faultIn(bound.get(type, never)));
      expect(await faultIn(bound.get(type, id ?? ''))).toMatchObject({ kind: 'not_found' });
    }
  });

  test('counts and pages its people alone', async () => {
    const { rows } = await roll.client.query('select id from app_user where franchisee = $1 order by id', [ownUnit]);
    const all = rows.map(({ id }) => id);
    const { total, resources } = await bound.list(userType);
    expect([total, idsOf(resources)]).toEqual([all.length, all]);
    await person(ownUnit);
    await person(otherUnit);
    const second = await bound.list(userType, undefined, { offset: 1, count: 1 });
    expect([second.total, second.resources.length, second.resources[0]?.id]).toEqual([
      all.length + 1,
      1,
      expect.any(String),
    ]);
    expect((await bound.list(userType, undefined, { offset: 0, count: 0 })).total).toBe(all.length + 1);
  });

  test.each<[string, Filter, boolean]>([
    ['eq', { op: 'eq', path: 'title', value: 'other' }, false],
    [
      'or',
      {
        op: 'or',
        filters: [
          { op: 'eq', path: 'title', value: 'own' },
          { op: 'eq', path: 'title', value: 'other' },
        ],
      },
      true,
    ],
    ['not', { op: 'not', filter: { op: 'eq', path: 'title', value: 'x' } }, true],
    ['co of two letters', { op: 'co', path: 'title', value: 'o' }, true],
    ['pr', { op: 'pr', path: 'title' }, true],
  ])('finds nobody else by a filter with %s', async (_what, filter, finds) => {
    const { total, resources } = await bound.list(userType, filter);
    expect([total, idsOf(resources).includes(own.id)]).toEqual([resources.length, finds]);
    expect(resources.map((one) => valuesIn(userType, one).muster)).toEqual(
      resources.map(() => ({ franchisee: { value: ownUnit } })),
    );
  });

  test('sees the franchisee’s org unit and those below, and changes none', async () => {
    const { resources } = await bound.list(orgUnitType);
    expect(resources.map((one) => valuesIn(orgUnitType, one).kind).sort()).toEqual(['FRANCHISEE', 'REGION', 'SHOP']);
    for (const id of [ownUnit, otherUnit, never]) {
      const changed = bound.update(orgUnitType, id ?? '', set('displayName', 'mine'));
      expect(await faultIn(changed)).toMatchObject({ kind: 'forbidden' });
      expect(await faultIn(bound.remove(orgUnitType, id ?? ''))).toMatchObject({ kind: 'forbidden' });
    }
    expect(await faultIn(bound.create(orgUnitType, { kind: 'SHOP', displayName: 'new' }))).toMatchObject({
      kind: 'forbidden',
    });
  });
});

describe('people whom he makes and changes', () => {
  test('are the franchisee’s, and may not be another’s', async () => {
    const made = await bound.create(userType, { userName: 'made' });
    expect(valuesIn(userType, made.resource).muster).toEqual({ franchisee: { value: ownUnit } });
    const said = await bound.create(userType, { userName: 'said', muster: { franchisee: { value: ownUnit ?? '' } } });
    expect(valuesIn(userType, said.resource).muster).toEqual({ franchisee: { value: ownUnit } });
    const refusals = [otherUnit, ownShop, never].map((value) =>
      faultIn(bound.create(userType, { userName: 'elsewhere', muster: { franchisee: { value: value ?? '' } } })),
    );
    const [first, ...others] = await Promise.all(refusals);
    expect(first).toMatchObject({ kind: 'forbidden', details: { attribute: 'muster.franchisee' } });
    expect(others).toEqual([first, first]);
  });

  test('stay the franchisee’s: nobody is moved out, nor in', async () => {
    const moved = bound.update(userType, own.id, set('muster.franchisee', { value: otherUnit ?? '' }));
    expect(await faultIn(moved)).toMatchObject({ kind: 'forbidden' });
    await bound.update(userType, own.id, [{ op: 'clear', path: 'muster.franchisee' }]);
    await bound.update(userType, own.id, [{ op: 'clear', path: 'muster' }]);
    expect(await values(userType, own.id)).toMatchObject({ muster: { franchisee: { value: ownUnit } } });
    expect((await bound.get(userType, own.id)).version).toBe(1);
    const change = set('muster.franchisee', { value: ownUnit ?? '' });
    expect(await faultIn(bound.update(userType, other.id, change))).toEqual(
      await faultIn(bound.update(userType, never, change)),
    );
    expect(await faultIn(bound.update(userType, other.id, change))).toMatchObject({ kind: 'not_found' });
    expect(await faultIn(bound.remove(userType, other.id))).toEqual(await faultIn(bound.remove(userType, never)));
  });

  test('cannot become the boss of all franchisees, nor superusers whatever the token says', async () => {
    const boss = bound.create(userType, { userName: 'boss', muster: { role: 'boss' } });
    expect(await faultIn(boss)).toMatchObject({ kind: 'forbidden', details: { attribute: 'muster.role' } });
    expect(await faultIn(bound.update(userType, own.id, set('muster.superuser', true)))).toMatchObject({
      kind: 'forbidden',
    });
  });

  test('hear of a taken userName only that it is taken', async () => {
    const taken = valuesIn(userType, await roll.get(userType, other.id)).userName ?? '';
    const answer = await faultIn(bound.create(userType, { userName: taken }));
    expect(answer).toMatchObject({ kind: 'already_exists', message: 'this userName is taken' });
    expect(await faultIn(bound.update(userType, own.id, set('userName', taken)))).toEqual(answer);
  });

  test('may be deleted, also where strangers refer to them', async () => {
    const boss = await person(ownUnit);
    const stranger = await person(otherUnit, { enterprise: { manager: { value: boss.id } } });
    await bound.remove(userType, boss.id);
    expect(valuesIn(userType, await roll.get(userType, stranger.id))).not.toHaveProperty('enterprise');
  });

  test('are lost to him when somebody else moves them, with the external id that he gave them', async () => {
    const { resource } = await bound.create(userType, { userName: 'leaver' }, { externalId: 'e-1' });
    await roll.update(userType, resource.id, set('muster.franchisee', { value: otherUnit ?? '' }));
    expect(await faultIn(bound.get(userType, resource.id))).toMatchObject({ kind: 'not_found' });
    expect((await bound.list(userType, { op: 'eq', path: 'externalId', value: 'e-1' })).total).toBe(0);
    const again = await bound.create(userType, { userName: 'successor' }, { externalId: 'e-1' });
    expect(again.resource.id).not.toBe(resource.id);
    expect((await bound.list(userType, { op: 'eq', path: 'externalId', value: 'e-1' })).total).toBe(1);
  });
});

describe('references to strangers', () => {
  test('are not shown, not found, and stay when he changes the rest', async () => {
    const divisions = [{ value: otherUnit ?? '' }, { value: ownShop ?? '' }];
    const enterprise = { manager: { value: other.id }, department: 'Sales' };
    const { id } = await person(ownUnit, { enterprise, muster: { divisions } });
    const shown = { enterprise: { department: 'Sales' }, muster: { divisions: [{ value: ownShop }] } };
    const read = await bound.get(userType, id);
    expect(valuesIn(userType, read)).toMatchObject(shown);
    expect([read.labels?.has(other.id), JSON.stringify(read)]).toEqual([false, expect.not.stringContaining(other.id)]);
    const listed = await bound.list(userType, { op: 'eq', path: 'id', value: id });
    expect(JSON.stringify(listed)).not.toContain(other.id);
    for (const path of ['enterprise.manager.value', 'muster.divisions']) {
      const value = path.startsWith('e') ? other.id : (otherUnit ?? '');
      const test: Filter = { op: 'eq', path: path.startsWith('e') ? path : 'value', value };
      const filter: Filter = path.startsWith('e') ? test : { op: 'some', path, filter: test };
      expect((await bound.list(userType, filter)).total).toBe(0);
    }
    const written = await bound.update(userType, id, [
      { op: 'clear', path: 'enterprise' },
      { op: 'set', path: 'muster.divisions', value: [{ value: ownUnit ?? '' }] },
      { op: 'set', path: 'title', value: 'new' },
    ]);
    expect(JSON.stringify(written)).not.toContain(other.id);
    expect(valuesIn(userType, await roll.get(userType, id))).toMatchObject({
      title: 'new',
      enterprise: { manager: { value: other.id } },
      muster: { divisions: [{ value: ownUnit }, { value: otherUnit }] },
    });
    await bound.update(userType, id, set('enterprise.manager', { value: own.id }));
    expect(valuesIn(userType, await roll.get(userType, id)).enterprise).toEqual({ manager: { value: own.id } });
  });

  test.each(['refuse', 'skip'] as const)('are unknown ids when he sends them: %s', async (unknownReference) => {
    const { id } = await person(ownUnit, { enterprise: { manager: { value: other.id } } });
    const more = { rules: { ...rules, unknownReference } };
    const answers = [other.id, never].map(async (value) => {
      const asked = bound.update(userType, id, set('enterprise.manager', { value }), more);
      return (await faultIn(asked)) ?? (await asked).skipped.map((skipped) => skipped === value);
    });
    const [one, two] = await Promise.all(answers);
    expect(one).toEqual(two);
    expect(one).toEqual(unknownReference === 'skip' ? [true] : expect.objectContaining({ kind: 'invalid_value' }));
  });
});

describe('groups', () => {
  let group: string;
  let inner: string;
  beforeAll(async () => {
    inner = (await make(groupType, { displayName: 'inner' }, { members: [own.id] })).id;
    const managers = [{ value: other.id }];
    group = (
      await make(groupType, { displayName: 'all', muster: { managers } }, { members: [own.id, other.id, inner] })
    ).id;
  });
  const everyMember = async () => (await roll.get(groupType, group)).members?.map(({ id }) => id).sort();

  test('are all seen, with his people as their only members', async () => {
    const read = await bound.get(groupType, group);
    expect(read.members?.map(({ id }) => id)).toEqual([own.id]);
    expect(JSON.stringify(read)).not.toContain(other.id);
    const listed = await bound.list(groupType);
    expect(listed.total).toBe(2);
    expect(JSON.stringify(listed)).not.toContain(other.id);
    const byMember = (value: string): Filter => ({
      op: 'some',
      path: 'members',
      filter: { op: 'eq', path: 'value', value },
    });
    expect((await bound.list(groupType, byMember(own.id))).total).toBe(2);
    for (const id of [other.id, inner]) expect((await bound.list(groupType, byMember(id))).total).toBe(0);
    const byManager: Filter = {
      op: 'some',
      path: 'muster.managers',
      filter: { op: 'eq', path: 'value', value: other.id },
    };
    expect((await bound.list(groupType, byManager)).total).toBe(0);
    expect((await bound.get(userType, own.id)).groups?.map(({ id }) => id).sort()).toEqual([inner, group].sort());
  });

  test('take and lose his people alone', async () => {
    const mine = await person(ownUnit);
    const before = await everyMember();
    await bound.changeMembers(group, { op: 'add', ids: [mine.id] });
    expect(await everyMember()).toEqual([...(before ?? []), mine.id].sort());
    await bound.changeMembers(group, { op: 'remove', ids: [mine.id, other.id, inner] });
    await bound.changeMembers(group, { op: 'remove', where: { op: 'ne', path: 'value', value: own.id } });
    expect(await everyMember()).toEqual(before);
    await bound.changeMembers(group, { op: 'set', ids: [mine.id] });
    expect(await everyMember()).toEqual([other.id, inner, mine.id].sort());
    await bound.changeMembers(group, { op: 'set', ids: [own.id] });
    expect(await everyMember()).toEqual(before);
    const [stranger, nested, unknown] = [other.id, inner, never].map((id) =>
      faultIn(bound.changeMembers(group, { op: 'add', ids: [id] })),
    );
    expect(await stranger).toMatchObject({ kind: 'invalid_value' });
    expect([await stranger, await nested]).toEqual([await unknown, await unknown]);
  });

  test('keep their name and managers, and are neither made nor deleted by him', async () => {
    for (const change of [set('displayName', 'mine'), set('muster.managers', [{ value: own.id }])]) {
      expect(await faultIn(bound.update(groupType, group, change))).toMatchObject({ kind: 'forbidden' });
    }
    expect(await faultIn(bound.remove(groupType, group))).toMatchObject({ kind: 'forbidden' });
    expect(await faultIn(bound.create(groupType, { displayName: 'mine' }))).toMatchObject({ kind: 'forbidden' });
    const members = [{ op: 'set', ids: [own.id] }];
    await bound.update(groupType, group, [...set('displayName', 'all'), { op: 'clear', path: 'muster.managers' }], {
      members,
    });
    expect(valuesIn(groupType, await roll.get(groupType, group)).muster).toEqual({ managers: [{ value: other.id }] });
    expect(await everyMember()).toEqual([own.id, other.id, inner].sort());
  });
});
