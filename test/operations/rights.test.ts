import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { groupType, type ResourceType, resourceTypes, userType } from '#attributes/resource-type.ts';
import { type Caller, noConnection, type Right } from '#domain/caller.ts';
import type { MemberChange } from '#domain/member-change.ts';
import { createResource } from '#operations/create-resource.ts';
import { deleteResource } from '#operations/delete-resource.ts';
import { getResource } from '#operations/get-resource.ts';
import { listResources } from '#operations/list-resources.ts';
import { updateMembers } from '#operations/update-members.ts';
import { updateResource } from '#operations/update-resource.ts';
import { everything } from '#store/find-resource.ts';
import { changesOf, openRoll, rules, type TestRoll, valuesIn } from './open-roll.ts';

const never = '00000000-0000-7000-8000-00000000dead';

let roll: TestRoll;
beforeAll(async () => {
  roll = await openRoll(18);
});
afterAll(() => roll.close());

const holding = (...rights: Right[]): Caller => ({ ...roll.caller, rights });
const person = async (userName: string, muster = {}) => (await roll.create(userType, { userName, muster })).id;
const required: Record<ResourceType['name'], (name: string) => Record<string, string>> = {
  User: (userName) => ({ userName }),
  Group: (displayName) => ({ displayName }),
  OrgUnit: (displayName) => ({ kind: 'SHOP', displayName }),
};
const forbidden = { kind: 'forbidden' };
const lacking = {
  User: 'this needs the right "users" or "write"',
  Group: 'this needs the right "groups" or "write"',
  OrgUnit: 'this needs the right "org_units" or "write"',
};
const page = { offset: 0, count: 10 };

let names = 0;
const newValues = (type: ResourceType) => {
  names += 1;
  return required[type.name](`name ${names}`);
};

describe('a right for one kind', () => {
  test.each<[Right, ResourceType['name']]>([
    ['users', 'User'],
    ['groups', 'Group'],
    ['org_units', 'OrgUnit'],
  ])('%s changes resources of the kind %s and no others', async (right, kind) => {
    const caller = holding(right);
    for (const type of resourceTypes) {
      const { id } = await roll.create(type, newValues(type));
      const { db } = roll;
      const writes = [
        () => createResource(caller, db, type, { changes: changesOf(newValues(type)), rules }),
        () => updateResource(caller, db, type, id, { changes: changesOf(newValues(type)), rules }),
        () => deleteResource(caller, db, type, id),
      ];
      for (const write of writes) {
        if (type.name === kind) await write();
        else await expect(write()).rejects.toMatchObject({ ...forbidden, message: lacking[type.name] });
      }
      await expect(getResource(caller, db, type, never, everything)).rejects.toMatchObject(forbidden);
      await expect(listResources(caller, db, { type, page, wanted: everything })).rejects.toMatchObject(forbidden);
    }
  });
});

describe('nobody grants what he does not hold', () => {
  test.each<[string, readonly Right[]]>([
    ['write', ['read', 'write']],
    ['users', ['users']],
    ['every right but superuser', ['read', 'write', 'users', 'groups', 'org_units', 'passwords', 'admin', 'operator']],
  ])('%s neither gives nor takes the flag superuser, in a create, a change or a delete', async (_what, rights) => {
    const caller = holding(...rights);
    const [plain, high] = [await person(`plain ${names}`), await person(`high ${names}`, { superuser: true })];
    names += 1;
    const changes = changesOf({ userName: `new ${names}`, muster: { superuser: true } });
    await expect(createResource(caller, roll.db, userType, { changes, rules })).rejects.toMatchObject(forbidden);
    for (const [id, superuser] of [
      [plain, true],
      [high, false],
    ] as const) {
      const wish = { changes: changesOf({ title: 'x', 'muster.superuser': superuser }), rules };
      await expect(updateResource(caller, roll.db, userType, id, wish)).rejects.toMatchObject(forbidden);
      expect(valuesIn(userType, await roll.get(userType, id))).not.toHaveProperty('title');
    }
    await expect(deleteResource(caller, roll.db, userType, high)).rejects.toMatchObject(forbidden);
  });

  test('the end of an employment is no grant: whoever may write deactivates and renames a superuser', async () => {
    const id = await person('leaves', { superuser: true });
    const changes = changesOf({ active: false, userName: 'left' });
    await updateResource(holding('write'), roll.db, userType, id, { changes, rules });
    expect(valuesIn(userType, await roll.get(userType, id))).toMatchObject({ active: false, userName: 'left' });
  });
});

describe('a person who manages a group', () => {
  let [boss, friend, group, outer, nested]: string[] = [];
  let manager: Caller;
  beforeAll(async () => {
    boss = await person('boss');
    friend = await person('friend');
    const muster = { managers: [{ value: boss }] };
    group = (await roll.create(groupType, { displayName: 'managed', muster })).id;
    nested = (await roll.create(groupType, { displayName: 'nested' })).id;
    outer = (await roll.create(groupType, { displayName: 'outer' })).id;
    manager = { ...roll.caller, connection: noConnection, person: boss, rights: [] };
  });

  const change = (id: string | undefined, ...changes: MemberChange[]) =>
    updateMembers(manager, roll.db, id ?? '', changes, rules);
  const members = async () => (await roll.get(groupType, group ?? '')).members?.map(({ id }) => id);
  const refused = async (ask: () => Promise<unknown>) => {
    const before = await members();
    await expect(ask()).rejects.toMatchObject(forbidden);
    expect(await members()).toEqual(before);
  };
  const add = (...ids: (string | undefined)[]): MemberChange => ({ op: 'add', ids: ids.map((id) => id ?? '') });

  test('adds and removes people', async () => {
    await change(group, add(friend));
    expect(await members()).toEqual([friend]);
    await change(group, { op: 'remove', ids: [friend ?? ''] });
    expect(await members()).toEqual([]);
    const ifVersions = [(await roll.get(groupType, group ?? '')).version];
    const wish = { changes: [], members: [add(friend)], ifVersions, rules };
    await updateResource(manager, roll.db, groupType, group ?? '', wish);
    expect(await members()).toEqual([friend]);
  });

  test('changes nothing else of it, and no other group, known or unknown', async () => {
    const update = (changes: Record<string, string>, more = {}) =>
      updateResource(manager, roll.db, groupType, group ?? '', { changes: changesOf(changes), rules, ...more });
    await refused(() => update({ displayName: 'mine' }));
    await refused(() => update({ displayName: 'mine' }, { members: [add(friend)] }));
    await refused(() => update({}, { externalId: 'mine', members: [add(friend)] }));
    await refused(() => update({}));
    await refused(() => deleteResource(manager, roll.db, groupType, group ?? ''));
    for (const id of [outer, never, 'no id']) await refused(() => change(id, add(friend)));
    await refused(() => getResource(manager, roll.db, groupType, group ?? '', everything));
  });

  test('does not add himself, unless he is in it already (V-7)', async () => {
    await refused(() => change(group, add(friend, boss)));
    await refused(() => change(group, { op: 'set', ids: [boss?.toUpperCase() ?? ''] }));
    await updateMembers(roll.caller, roll.db, group ?? '', [add(boss)], rules);
    await change(group, { op: 'set', ids: [boss ?? '', friend ?? ''] });
    await change(group, { op: 'remove', ids: [boss ?? ''] });
    expect(await members()).toEqual([friend]);
  });

  test('nests no group, and takes out none (V-6)', async () => {
    await refused(() => change(group, add(nested)));
    await updateMembers(roll.caller, roll.db, group ?? '', [add(nested)], rules);
    await change(group, { op: 'set', ids: [] });
    await change(group, { op: 'remove', ids: [nested ?? ''] });
    await change(group, { op: 'remove', where: { op: 'pr', path: 'value' } });
    expect(await members()).toEqual([nested]);
  });

  test('adds nobody to a group in another one that he neither manages nor is in (V-6, V-7)', async () => {
    await updateMembers(roll.caller, roll.db, outer ?? '', [add(group)], rules);
    await refused(() => change(group, add(friend)));
    await updateMembers(roll.caller, roll.db, outer ?? '', [add(boss)], rules);
    await change(group, add(friend));
    expect(await members()).toEqual([friend, nested].sort());
    const managers = [{ value: boss ?? '' }];
    await updateMembers(roll.caller, roll.db, outer ?? '', [{ op: 'remove', ids: [boss ?? ''] }], rules);
    await refused(() => change(group, add(friend)));
    await roll.update(groupType, outer ?? '', [{ op: 'set', path: 'muster.managers', value: managers }]);
    await change(group, add(friend));
  });

  test('is one no more when the group says so', async () => {
    await roll.update(groupType, group ?? '', [{ op: 'clear', path: 'muster.managers' }]);
    await refused(() => change(group, { op: 'remove', ids: [friend ?? ''] }));
  });

  test('needs to be a person: a connection manages nothing', async () => {
    const connection = holding('read', 'users');
    await refused(() => updateMembers(connection, roll.db, group ?? '', [add(friend)], rules));
  });
});
