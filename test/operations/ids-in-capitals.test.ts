import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { groupType, userType } from '#attributes/resource-type.ts';
import { deleteResource } from '#operations/delete-resource.ts';
import { updateMembers } from '#operations/update-members.ts';
import { postgresVersions } from '#test/support/postgres-versions.ts';
import { openRoll, rules, type TestRoll, valuesIn } from './open-roll.ts';

describe.each(postgresVersions)('an id in capitals on PostgreSQL %i', (version) => {
  let roll: TestRoll;
  beforeAll(async () => {
    roll = await openRoll(version);
  });
  afterAll(() => roll.close());

  const user = async (userName: string, values = {}) => (await roll.create(userType, { userName, ...values })).id;
  const group = async (displayName: string, ...members: string[]) =>
    (await roll.create(groupType, { displayName }, { members })).id;
  const memberIds = async (id: string) => (await roll.get(groupType, id)).members?.map((member) => member.id);

  test('reads a user with his groups, and a group with its members', async () => {
    const ada = await user('read');
    const club = await group('read', ada);
    expect(await roll.get(userType, ada.toUpperCase())).toMatchObject({ id: ada, groups: [{ id: club }] });
    expect(await roll.get(groupType, club.toUpperCase())).toMatchObject({ id: club, members: [{ id: ada }] });
  });

  test('updates a user and a group as their own ids do', async () => {
    const ada = await user('updated');
    const club = await group('updated');
    const title = { op: 'set', path: 'title', value: 'Dr.' } as const;
    expect((await roll.update(userType, ada.toUpperCase(), [title])).id).toBe(ada);
    for (const [op, version, ids] of [
      ['add', 2, [ada]],
      ['remove', 3, []],
      ['set', 4, [ada]],
    ] as const) {
      const members = [{ op, ids: [ada.toUpperCase()] }];
      const changed = await roll.update(groupType, club.toUpperCase(), [], { members });
      expect([changed.id, changed.version, await memberIds(club)]).toEqual([club, version, ids]);
    }
  });

  test('adds and removes members of a group', async () => {
    const ada = await user('came and went');
    const club = await group('came and went');
    const change = (op: 'add' | 'remove') =>
      updateMembers(roll.caller, roll.db, club.toUpperCase(), [{ op, ids: [ada.toUpperCase()] }], rules);
    await change('add');
    expect(await memberIds(club)).toEqual([ada]);
    await change('remove');
    const last = (await roll.journal()).at(-1);
    expect(last).toMatchObject({ resource: club, changes: [{ path: 'members', removed: [ada] }], members: [ada] });
  });

  test('deletes a user with every reference to him', async () => {
    const boss = await user('boss');
    const ada = await user('managed', { enterprise: { manager: { value: boss } } });
    const club = await group('left', boss);
    await deleteResource(roll.caller, roll.db, userType, boss.toUpperCase());
    expect(valuesIn(userType, await roll.get(userType, ada))).not.toHaveProperty('enterprise');
    expect(await memberIds(club)).toEqual([]);
    const left = (await roll.journal()).findLast(({ resource }) => resource === club);
    expect(left?.changes).toEqual([{ path: 'members', added: [], removed: [boss] }]);
  });

  test('deletes a group with every reference to it', async () => {
    const phones = await group('phones');
    const ada = await user('with a phone', { muster: { userGroup: { value: phones } } });
    await deleteResource(roll.caller, roll.db, groupType, phones.toUpperCase());
    expect(valuesIn(userType, await roll.get(userType, ada))).not.toHaveProperty('muster');
  });
});
