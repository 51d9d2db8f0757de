import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { groupType, orgUnitType, userType } from '#attributes/resource-type.ts';
import { deleteResource } from '#operations/delete-resource.ts';
import { postgresVersions } from '#test/support/postgres-versions.ts';
import { openRoll, rules, type TestRoll, valuesIn } from './open-roll.ts';
import { waitForWaiting } from './wait-for-waiting.ts';

describe.each(postgresVersions)('references on PostgreSQL %i', (version) => {
  let roll: TestRoll;
  beforeAll(async () => {
    roll = await openRoll(version);
  });
  afterAll(() => roll.close());

  const user = async (userName: string, values = {}) => (await roll.create(userType, { userName, ...values })).id;
  const unit = async (displayName: string) => (await roll.create(orgUnitType, { kind: 'DIVISION', displayName })).id;
  const valuesOf = async (id: string) => valuesIn(userType, await roll.get(userType, id));

  test('what a resource refers to is shown under its present name', async () => {
    const boss = await user('boss', { displayName: 'The Boss' });
    const ada = await user('ada', { enterprise: { manager: { value: boss } } });
    expect((await roll.get(userType, ada)).labels?.get(boss)).toBe('The Boss');
    await roll.update(userType, boss, [{ op: 'set', path: 'displayName', value: 'Dr. Boss' }]);
    const read = await roll.get(userType, ada);
    expect(read.labels?.get(boss)).toBe('Dr. Boss');
    expect(read.version).toBe(1);
  });

  test('deleting a manager takes him from those he managed, with a journal row each', async () => {
    const boss = await user('boss two');
    const managed = await Promise.all(
      [1, 2, 3].map((n) => user(`managed ${n}`, { enterprise: { manager: { value: boss } } })),
    );
    await roll.update(userType, boss, [{ op: 'set', path: 'enterprise.manager', value: { value: boss } }]);
    const before = (await roll.journal()).length;
    await deleteResource(roll.caller, roll.db, userType, boss);
    for (const id of managed) {
      expect(await valuesOf(id)).not.toHaveProperty('enterprise');
      expect((await roll.get(userType, id)).version).toBe(2);
    }
    const rows = (await roll.journal()).slice(before);
    expect(rows.filter(({ action }) => action === 'deleted').map(({ resource }) => resource)).toEqual([boss]);
    expect(
      rows
        .filter(({ action }) => action === 'updated')
        .map(({ resource }) => resource)
        .sort(),
    ).toEqual([...managed].sort());
    expect(rows.find(({ resource }) => resource === managed[0])?.changes).toEqual([
      { path: 'enterprise.manager', from: { value: boss } },
    ]);
  });

  test('deleting an org unit takes it out of every list and every place where it stands', async () => {
    const [north, south] = [await unit('north'), await unit('south')];
    const muster = { divisions: [{ value: north }, { value: south }], franchisee: { value: north } };
    const ada = await user('ada of north', { muster });
    const shop = await roll.create(orgUnitType, { kind: 'SHOP', displayName: 'shop', parent: { value: north } });
    await deleteResource(roll.caller, roll.db, orgUnitType, north);
    expect((await valuesOf(ada)).muster).toEqual({ divisions: [{ value: south }] });
    expect(valuesIn(orgUnitType, await roll.get(orgUnitType, shop.id))).not.toHaveProperty('parent');
    const { rows } = await roll.client.query('select count(*)::int as left from attribute_value where text_key = $1', [
      north,
    ]);
    expect(rows).toEqual([{ left: 0 }]);
  });

  test('deleting a group takes it from those who refer to it', async () => {
    const group = await roll.create(groupType, { displayName: 'phones' });
    const ada = await user('ada with a phone', { muster: { userGroup: { value: group.id } } });
    await deleteResource(roll.caller, roll.db, groupType, group.id);
    expect(await valuesOf(ada)).not.toHaveProperty('muster');
  });

  test('an id in capitals refers to the same resource, and goes with it', async () => {
    const boss = await user('boss in capitals');
    const ada = await user('ada in capitals', { enterprise: { manager: { value: boss.toUpperCase() } } });
    expect((await valuesOf(ada)).enterprise).toEqual({ manager: { value: boss } });
    await deleteResource(roll.caller, roll.db, userType, boss);
    expect(await valuesOf(ada)).not.toHaveProperty('enterprise');
  });

  test.each(['nobody', '00000000-0000-7000-8000-00000000dead'])(
    'a reference to %s is refused or left out',
    async (id) => {
      const values = { userName: `refers to ${id}`, enterprise: { manager: { value: id }, department: 'Sales' } };
      await expect(roll.create(userType, values)).rejects.toMatchObject({
        kind: 'invalid_value',
        details: { attribute: 'enterprise.manager' },
      });
      const made = await roll.create(userType, values, { rules: { ...rules, unknownReference: 'skip' } });
      expect(valuesIn(userType, made).enterprise).toEqual({ department: 'Sales' });
    },
  );

  test('a reference to a resource of another kind is no reference', async () => {
    const group = await roll.create(groupType, { displayName: 'not a person' });
    await expect(user('refers to a group', { enterprise: { manager: { value: group.id } } })).rejects.toMatchObject({
      kind: 'invalid_value',
    });
  });

  test('what refers to a deleted resource by two paths changes once, with one journal row', async () => {
    const north = await unit('twice referred');
    const muster = { divisions: [{ value: north }], franchisee: { value: north } };
    const ada = await user('ada of both', { muster });
    const before = (await roll.journal()).length;
    await deleteResource(roll.caller, roll.db, orgUnitType, north);
    expect(await valuesOf(ada)).not.toHaveProperty('muster');
    expect((await roll.get(userType, ada)).version).toBe(2);
    const rows = (await roll.journal()).slice(before).filter(({ resource }) => resource === ada);
    expect(rows.map(({ changes }) => changes.map(({ path }) => path).sort())).toEqual([
      ['muster.divisions', 'muster.franchisee'],
    ]);
  });

  test('a group that loses its manager and member at once changes once, with one journal row', async () => {
    const boss = await user('manager and member');
    const values = { displayName: 'managed', muster: { managers: [{ value: boss }] } };
    const { id } = await roll.create(groupType, values, { members: [boss] });
    const before = (await roll.journal()).length;
    await deleteResource(roll.caller, roll.db, userType, boss);
    const read = await roll.get(groupType, id);
    expect([read.version, read.members, valuesIn(groupType, read).muster]).toEqual([2, [], undefined]);
    const rows = (await roll.journal()).slice(before).filter(({ resource }) => resource === id);
    expect(rows.map(({ changes, members }) => [changes.map(({ path }) => path), members])).toEqual([
      [['muster.managers', 'members'], [boss]],
    ]);
  });

  test('a reference that was given to another while the delete waited stays', async () => {
    const [boss, next] = [await user('boss who leaves'), await user('boss who comes')];
    const ada = await user('ada between both', { enterprise: { manager: { value: boss } } });
    await roll.client.query('begin');
    await roll.client.query('select from app_user where id = $1 for update', [ada]);
    const deleted = deleteResource(roll.caller, roll.db, userType, boss);
    await waitForWaiting(roll.client, 1);
    await roll.client.query('update app_user set document = replace(document, $2, $3) where id = $1', [
      ada,
      boss,
      next,
    ]);
    await roll.client.query('commit');
    await deleted;
    expect((await valuesOf(ada)).enterprise).toEqual({ manager: { value: next } });
    expect((await roll.get(userType, ada)).version).toBe(1);
  });

  test('of a delete and a reference made at the same moment none is left that leads nowhere', async () => {
    for (let round = 0; round < 10; round += 1) {
      const boss = await user(`boss of round ${round}`);
      const ada = await user(`ada of round ${round}`);
      await Promise.allSettled([
        roll.update(userType, ada, [{ op: 'set', path: 'enterprise.manager', value: { value: boss } }]),
        deleteResource(roll.caller, roll.db, userType, boss),
      ]);
      await expect(roll.get(userType, boss)).rejects.toMatchObject({ kind: 'not_found' });
      expect(await valuesOf(ada)).not.toHaveProperty('enterprise');
    }
  });
});
