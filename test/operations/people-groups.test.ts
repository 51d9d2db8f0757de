import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Values } from '#attributes/attribute.ts';
import { groupType, orgUnitType, userType } from '#attributes/resource-type.ts';
import { type Caller, noConnection, type Right } from '#domain/caller.ts';
import type { Change } from '#domain/change.ts';
import { domainLimits } from '#domain/limits.ts';
import { createPerson } from '#operations/create-person.ts';
import type { GroupWish } from '#operations/group-wish.ts';
import { updateMembers } from '#operations/update-members.ts';
import { updatePerson } from '#operations/update-person.ts';
import { changesOf, openRoll, rules, type TestRoll, valuesIn } from './open-roll.ts';

const forbidden = { kind: 'forbidden' };
const nobody = '00000000-0000-7000-8000-00000000dead';
const title: Change = { op: 'set', path: 'title', value: 'Dr.' };

let roll: TestRoll;
let names = 0;
let person: string;
let [first = '', second = '', third = '']: string[] = [];

const newName = () => {
  names += 1;
  return `name ${names}`;
};
const makePerson = async (muster = {}) => (await roll.create(userType, { userName: newName(), muster })).id;
const makeGroup = async (...members: string[]) =>
  (await roll.create(groupType, { displayName: newName() }, { members })).id;

beforeAll(async () => {
  roll = await openRoll(18);
});
afterAll(() => roll.close());
beforeEach(async () => {
  person = await makePerson();
  [first, second, third] = [await makeGroup(), await makeGroup(person), await makeGroup(person)];
});

const holding = (...rights: Right[]): Caller => ({ ...roll.caller, rights });
const signedIn = (id: string): Caller => ({ ...roll.caller, connection: noConnection, person: id, rights: [] });
const as = (...groups: string[]): GroupWish[] => groups.map((group) => ({ group, manages: false }));
const managing = (...groups: string[]): GroupWish[] => groups.map((group) => ({ group, manages: true }));
const put = (caller: Caller, groups: readonly GroupWish[], more = {}) =>
  updatePerson(caller, roll.db, person, { changes: [], groups, rules, ...more });
const groupsOf = async (id = person) => (await roll.get(userType, id)).groups?.map((group) => group.id);
const managersOf = async (group: string) => {
  const muster = valuesIn(groupType, await roll.get(groupType, group)).muster as Values | undefined;
  return muster?.managers ?? [];
};
const versionOf = async (group: string) => (await roll.get(groupType, group)).version;
const rowsAfter = async (count: number) => (await roll.journal()).slice(count);
const countRows = async () => (await roll.journal()).length;
const manage = (group: string, ...managers: string[]) =>
  roll.update(groupType, group, [{ op: 'set', path: 'muster.managers', value: managers.map((value) => ({ value })) }]);

describe('a person and his groups', () => {
  test('are written together; each group that is another has one new version and one row of the journal', async () => {
    const count = await countRows();
    await put(roll.caller, as(third, first), { changes: [title] });
    expect(await groupsOf()).toEqual([first, third].sort());
    expect(await rowsAfter(count)).toMatchObject([
      { kind: 'User', resource: person, changes: [{ path: 'title', to: 'Dr.' }], members: null },
      { kind: 'Group', resource: first, changes: [{ path: 'members', added: [person], removed: [] }] },
      { kind: 'Group', resource: second, changes: [{ path: 'members', added: [], removed: [person] }] },
    ]);
    expect(await Promise.all([first, second, third].map(versionOf))).toEqual([2, 2, 1]);
    expect((await roll.get(userType, person)).version).toBe(2);
  });

  test('that are as they were leave no trace', async () => {
    const count = await countRows();
    await put(roll.caller, as(third, second.toUpperCase(), second));
    expect(await rowsAfter(count)).toEqual([]);
    expect(await versionOf(second)).toBe(1);
  });

  test('are joined and left by as many as the limit in one write, and one more is refused', async () => {
    const { groupsAtOnce } = domainLimits;
    // He leaves two; the others are nobody's and are left out.
    const others = Array.from({ length: groupsAtOnce - 2 }, () => randomUUID());
    await put(roll.caller, as(...others), { rules: { ...rules, unknownReference: 'skip' } });
    expect(await groupsOf()).toEqual([]);
    await put(roll.caller, as(second, third));
    const tooMany = put(roll.caller, as(...others, randomUUID()), { changes: [title] });
    await expect(tooMany).rejects.toMatchObject({
      kind: 'too_large',
      message: expect.stringContaining(`${groupsAtOnce}`),
    });
    expect(await groupsOf()).toEqual([second, third].sort());
  });

  test('are the groups that he is in directly', async () => {
    const outer = await makeGroup(second);
    await put(roll.caller, as(second, third));
    expect((await roll.get(groupType, outer)).members?.map(({ id }) => id)).toEqual([second]);
    await put(roll.caller, as(outer));
    expect((await roll.get(groupType, outer)).members?.map(({ id }) => id)).toEqual([person, second].sort());
  });

  test('come from nothing together', async () => {
    const count = await countRows();
    const wish = { changes: changesOf({ userName: newName() }), rules };
    const id = await createPerson(roll.caller, roll.db, { ...wish, groups: [...as(second), ...managing(first)] });
    expect(await groupsOf(id)).toEqual([first, second].sort());
    expect(await managersOf(first)).toEqual([{ value: id }]);
    expect((await rowsAfter(count)).map(({ kind, action }) => `${kind} ${action}`)).toEqual([
      ...['User created', 'Group updated', 'Group updated'],
    ]);
  });

  test('stay as they were when one group does not exist, unless the rules leave it out', async () => {
    const count = await countRows();
    const unknown = { kind: 'invalid_value', details: { attribute: 'groups' } };
    const userName = newName();
    const groups = as(first, nobody, 'x');
    const creating = createPerson(roll.caller, roll.db, { changes: changesOf({ userName }), groups, rules });
    await expect(creating).rejects.toMatchObject(unknown);
    await expect(put(roll.caller, groups, { changes: [title] })).rejects.toMatchObject(unknown);
    expect([await groupsOf(), await rowsAfter(count)]).toEqual([[second, third].sort(), []]);
    expect(valuesIn(userType, await roll.get(userType, person)).title).toBeUndefined();
    await roll.create(userType, { userName });
    await put(roll.caller, groups, { rules: { ...rules, unknownReference: 'skip' } });
    expect(await groupsOf()).toEqual([first]);
  });

  test('stay as they were when the person is refused', async () => {
    const taken = newName();
    await roll.create(userType, { userName: taken });
    const changes: Change[] = [{ op: 'set', path: 'userName', value: taken }];
    await expect(put(roll.caller, as(first), { changes })).rejects.toMatchObject({ kind: 'already_exists' });
    const wish = { changes: changesOf({ userName: taken }), groups: as(first), rules };
    await expect(createPerson(roll.caller, roll.db, wish)).rejects.toMatchObject({ kind: 'already_exists' });
    expect(await groupsOf()).toEqual([second, third].sort());
    expect((await roll.get(groupType, first)).members).toEqual([]);
  });

  test('of which he becomes a manager or is one no longer: who leaves manages no more', async () => {
    const other = await makePerson();
    await manage(first, other);
    const count = await countRows();
    await put(roll.caller, [...managing(first, second), ...as(third)]);
    expect(await managersOf(first)).toEqual([{ value: other }, { value: person }]);
    expect((await rowsAfter(count)).map(({ resource }) => resource)).toEqual([first, second].sort());
    expect((await rowsAfter(count)).find(({ resource }) => resource === first)?.changes).toEqual([
      { path: 'muster.managers', from: [{ value: other }], to: [{ value: other }, { value: person }] },
      { path: 'members', added: [person], removed: [] },
    ]);
    expect(await Promise.all([first, second, third].map(versionOf))).toEqual([3, 2, 1]);
    await put(roll.caller, as(second));
    expect([await managersOf(first), await managersOf(second)]).toEqual([[{ value: other }], []]);
    expect(await groupsOf()).toEqual([second]);
  });

  test('end well when many change them at the same moment from every side', async () => {
    const others = await Promise.all([makePerson(), makePerson(), makePerson()]);
    const groups = [first, second, third];
    const turns = [0, 1, 2].flatMap((turn) => [
      ...others.map((id) => {
        const wish = turn % 2 === 0 ? managing(...groups) : as(...[...groups].reverse());
        return updatePerson(roll.caller, roll.db, id, { changes: [], groups: wish, rules });
      }),
      ...groups.map((group) => updateMembers(roll.caller, roll.db, group, [{ op: 'add', ids: others }], rules)),
    ]);
    await Promise.all(turns);
    for (const id of others) expect(await groupsOf(id)).toEqual([...groups].sort());
  });
});

describe('who may not change groups', () => {
  test('may say what they are, and keeps nothing of a call that says otherwise (case 76, case 77)', async () => {
    for (const caller of [holding('read', 'users'), signedIn(person)]) {
      const locale: Change = { op: 'set', path: 'locale', value: names % 2 === 0 ? 'es' : 'pt' };
      names += 1;
      for (const groups of [as(first, second, third), as(second), [...managing(second), ...as(third)], as(nobody)]) {
        await expect(put(caller, groups, { changes: [locale] })).rejects.toMatchObject(forbidden);
      }
      expect(valuesIn(userType, await roll.get(userType, person)).locale).not.toBe(locale.value);
      expect(await groupsOf()).toEqual([second, third].sort());
      await put(caller, as(second, third), { changes: [locale] });
      expect(valuesIn(userType, await roll.get(userType, person)).locale).toBe(locale.value);
    }
  });

  test('makes nobody who is in one', async () => {
    const changes = changesOf({ userName: newName() });
    const creating = createPerson(holding('users'), roll.db, { changes, groups: as(first), rules });
    await expect(creating).rejects.toMatchObject(forbidden);
    await createPerson(holding('users'), roll.db, { changes, groups: [], rules });
  });

  test('but may change nothing else changes groups with the right for that alone', async () => {
    await put(holding('groups'), as(first));
    expect(await groupsOf()).toEqual([first]);
    await expect(put(holding('groups'), as(second), { changes: [title] })).rejects.toMatchObject(forbidden);
  });
});

describe('a manager of groups', () => {
  let manager: string;
  beforeEach(async () => {
    manager = await makePerson();
    for (const group of [first, second]) await manage(group, manager);
  });

  test('changes who is in his groups, and who else manages them (case 89)', async () => {
    await put(signedIn(manager), [...managing(first), ...as(third)]);
    expect(await groupsOf()).toEqual([first, third].sort());
    expect(await managersOf(first)).toEqual([{ value: manager }, { value: person }]);
    await put(signedIn(manager), as(first, third));
    expect(await managersOf(first)).toEqual([{ value: manager }]);
  });

  test('changes nothing of a foreign group, nor of his own in the same call (case 90)', async () => {
    for (const groups of [
      as(first, second),
      as(first),
      as(second, third, nobody),
      [...as(second), ...managing(third)],
    ]) {
      await expect(put(signedIn(manager), groups)).rejects.toMatchObject(forbidden);
    }
    expect(await groupsOf()).toEqual([second, third].sort());
  });

  test('changes nothing else of the person, himself neither', async () => {
    await expect(put(signedIn(manager), as(third), { changes: [title] })).rejects.toMatchObject(forbidden);
    const joining = { changes: [], groups: as(first), rules };
    await expect(updatePerson(signedIn(manager), roll.db, manager, joining)).rejects.toMatchObject(forbidden);
    await expect(updatePerson(signedIn(manager), roll.db, nobody, joining)).rejects.toMatchObject({
      kind: 'not_found',
    });
  });
});

describe('a caller who is bound to a franchisee', () => {
  test('puts its people into groups, no stranger, and makes nobody a manager', async () => {
    const unit = await roll.create(orgUnitType, { kind: 'FRANCHISEE', displayName: newName() });
    const bound: Caller = { ...roll.other, rights: ['read', 'write'], franchisee: unit.id };
    await expect(put(bound, as(first))).rejects.toMatchObject({ kind: 'not_found' });
    const changes = changesOf({ userName: newName() });
    await expect(createPerson(bound, roll.db, { changes, groups: managing(first), rules })).rejects.toMatchObject(
      forbidden,
    );
    const id = await createPerson(bound, roll.db, { changes, groups: as(first), rules });
    expect(await groupsOf(id)).toEqual([first]);
    expect((await roll.get(groupType, first)).members?.map((member) => member.id)).toEqual([id]);
  });
});
