import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { groupType, orgUnitType, resourceTypes, userType } from '#attributes/resource-type.ts';
import { deleteResource } from '#operations/delete-resource.ts';
import { getResource } from '#operations/get-resource.ts';
import { listResources } from '#operations/list-resources.ts';
import { updateMembers } from '#operations/update-members.ts';
import { everything } from '#store/find-resource.ts';
import { postgresVersions } from '#test/support/postgres-versions.ts';
import { openRoll, rules, type TestRoll, valuesIn } from './open-roll.ts';

const samples = [
  { type: userType, values: { userName: 'ada', name: { givenName: 'Ada' } }, path: 'name.givenName' },
  { type: groupType, values: { displayName: 'Readers' }, path: 'displayName' },
  { type: orgUnitType, values: { kind: 'SHOP', displayName: 'Shop' }, path: 'displayName' },
] as const;

describe.each(postgresVersions)('writing on PostgreSQL %i', (version) => {
  let roll: TestRoll;
  beforeAll(async () => {
    roll = await openRoll(version);
  });
  afterAll(() => roll.close());

  describe.each(samples)('$type.name', ({ type, values, path }) => {
    test('is read as it was written, and again after a change', async () => {
      const made = await roll.create(type, values);
      expect(valuesIn(type, made)).toMatchObject(values);
      expect(await roll.get(type, made.id)).toMatchObject({ ...made, version: 1 });
      const changed = await roll.update(type, made.id, [{ op: 'set', path, value: 'Another' }]);
      expect(changed.version).toBe(2);
      expect(changed.modifiedAt >= made.modifiedAt).toBe(true);
      const read = await roll.get(type, made.id);
      expect(read).toMatchObject({ document: changed.document, version: 2, modifiedAt: changed.modifiedAt });
      expect(JSON.stringify(valuesIn(type, read))).toContain('"Another"');
      await deleteResource(roll.caller, roll.db, type, made.id);
    });

    test('is gone after it was deleted, with its values, and none of its ids comes back', async () => {
      const made = await roll.create(type, values, { externalId: `label of ${type.name}` });
      await deleteResource(roll.caller, roll.db, type, made.id);
      await expect(roll.get(type, made.id)).rejects.toMatchObject({ kind: 'not_found' });
      const left = await roll.client.query(
        `select (select count(*) from attribute_value where owner = $1) as values,
          (select count(*) from external_id where resource = $1) as labels`,
        [made.id],
      );
      expect(left.rows).toEqual([{ values: '0', labels: '0' }]);
      const { rows } = await roll.client.query('select kind, number, object_id from tombstone where id = $1', [
        made.id,
      ]);
      expect(rows).toEqual([{ kind: type.name, number: String(made.number), object_id: made.objectId }]);
      const next = await roll.create(type, values);
      expect(next.number).toBeGreaterThan(made.number);
      expect([next.id, next.objectId]).not.toContain(made.id);
      expect(next.objectId).not.toBe(made.objectId);
      await deleteResource(roll.caller, roll.db, type, next.id);
    });

    test('has one journal row for each change and none for what changes nothing or fails', async () => {
      const before = (await roll.journal()).length;
      const made = await roll.create(type, values);
      const [first] = (await roll.journal()).slice(before);
      expect(first).toMatchObject({ kind: type.name, resource: made.id, action: 'created' });
      await roll.update(type, made.id, [{ op: 'set', path, value: 'Else' }]);
      const again = await roll.update(type, made.id, [{ op: 'set', path, value: 'Else' }]);
      expect(again.version).toBe(2);
      await expect(roll.update(type, made.id, [{ op: 'set', path, value: 7 }])).rejects.toMatchObject({
        kind: 'invalid_value',
      });
      await expect(roll.update(type, made.id, [], { ifVersions: [1] })).rejects.toMatchObject({
        kind: 'precondition_failed',
      });
      await expect(deleteResource(roll.caller, roll.db, type, made.id, [1])).rejects.toMatchObject({
        kind: 'precondition_failed',
      });
      await deleteResource(roll.caller, roll.db, type, made.id);
      await expect(deleteResource(roll.caller, roll.db, type, made.id)).rejects.toMatchObject({ kind: 'not_found' });
      const rows = (await roll.journal()).slice(before);
      expect(rows.map(({ action }) => action)).toEqual(['created', 'updated', 'deleted']);
      expect(rows[1]?.changes).toEqual([expect.objectContaining({ path: path.split('.')[0], to: expect.anything() })]);
    });

    test('is not there for another tenant', async () => {
      const made = await roll.create(type, values);
      const stranger = { ...roll.caller, tenant: roll.caller.tenant + 1 };
      await expect(getResource(stranger, roll.db, type, made.id, everything)).rejects.toMatchObject({
        kind: 'not_found',
      });
      await expect(deleteResource(stranger, roll.db, type, made.id)).rejects.toMatchObject({ kind: 'not_found' });
      await deleteResource(roll.caller, roll.db, type, made.id);
    });
  });

  test('the counters say how many there are after creates, failures and deletes at once', async () => {
    const names = Array.from({ length: 30 }, (_, index) => `counted${index % 20}`);
    const made = await Promise.allSettled(names.map((userName) => roll.create(userType, { userName })));
    const users = made.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    expect(users).toHaveLength(20);
    const groups = await Promise.all(names.map((displayName) => roll.create(groupType, { displayName })));
    const removals = [
      ...users.slice(5).map(({ id }) => deleteResource(roll.caller, roll.db, userType, id)),
      ...groups.slice(7).map(({ id }) => deleteResource(roll.caller, roll.db, groupType, id)),
    ];
    await Promise.all(removals);
    for (const type of resourceTypes) {
      const { total } = await listResources(roll.caller, roll.db, {
        type,
        page: { offset: 0, count: 0 },
        wanted: everything,
      });
      const { rows } = await roll.client.query(`select count(*)::int as count from ${type.table}`);
      expect({ type: type.name, total }).toEqual({ type: type.name, total: rows[0].count });
    }
  });

  test('a change of members alone is one row of the group, with who came and went, found by the member', async () => {
    const [ada, bob] = await Promise.all(['ada', 'bob'].map((userName) => roll.create(userType, { userName })));
    const group = await roll.create(groupType, { displayName: 'Club' });
    const before = (await roll.journal()).length;
    const change = (op: 'add' | 'remove' | 'set', ...ids: string[]) =>
      updateMembers(roll.caller, roll.db, group.id, [{ op, ids }], rules);
    const [a = '', b = ''] = [ada?.id, bob?.id];
    await change('add', a, b);
    await change('add', a);
    await change('set', b);
    await change('remove', a);
    const rows = (await roll.journal()).slice(before);
    expect(rows.map(({ resource, changes }) => ({ resource, changes }))).toEqual([
      { resource: group.id, changes: [{ path: 'members', added: [a, b], removed: [] }] },
      { resource: group.id, changes: [{ path: 'members', added: [], removed: [a] }] },
    ]);
    const found = await roll.client.query('select 1 from journal where tenant = $1 and members @> $2', [
      roll.caller.tenant,
      [a],
    ]);
    expect(found.rowCount).toBe(2);
    expect((await roll.get(groupType, group.id)).version).toBe(3);
    expect((await roll.get(userType, a)).version).toBe(1);
  });
});
