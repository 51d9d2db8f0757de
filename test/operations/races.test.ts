import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { groupType, userType } from '#attributes/resource-type.ts';
import { deleteResource } from '#operations/delete-resource.ts';
import { updateMembers } from '#operations/update-members.ts';
import { postgresVersions } from '#test/support/postgres-versions.ts';
import { openRoll, rules, type TestRoll, valuesIn } from './open-roll.ts';
import { waitForWaiting } from './wait-for-waiting.ts';

describe.each(postgresVersions)('at the same moment on PostgreSQL %i', (version) => {
  let roll: TestRoll;
  beforeAll(async () => {
    roll = await openRoll(version);
  });
  afterAll(() => roll.close());

  const outcomes = async (tries: readonly Promise<unknown>[]) =>
    (await Promise.allSettled(tries)).map((each) =>
      each.status === 'fulfilled' ? 'done' : (each.reason as { kind: string }).kind,
    );

  test('of writers with one version exactly one wins (R-394)', async () => {
    const { id } = await roll.create(userType, { userName: 'raced' });
    for (let version = 1; version <= 5; version += 1) {
      const write = (title: string) =>
        roll.update(userType, id, [{ op: 'set', path: 'title', value: `${title}${version}` }], {
          ifVersions: [version],
        });
      const heard = await outcomes(['a', 'b', 'c', 'd'].map(write));
      expect(heard.sort()).toEqual(['done', 'precondition_failed', 'precondition_failed', 'precondition_failed']);
    }
    expect((await roll.get(userType, id)).version).toBe(6);
    expect(await outcomes([1, 2].map(() => deleteResource(roll.caller, roll.db, userType, id, [6])))).toEqual(
      expect.arrayContaining(['done', 'not_found']),
    );
  });

  test('no change of forty is lost, and each has a version and a journal row of its own', async () => {
    const { id } = await roll.create(userType, { userName: 'hot' });
    const before = (await roll.journal()).length;
    const values = Array.from({ length: 40 }, (_, index) => ({ value: `role${index}` }));
    await Promise.all(values.map((role) => roll.update(userType, id, [{ op: 'add', path: 'roles', value: [role] }])));
    const read = await roll.get(userType, id);
    expect(read.version).toBe(41);
    expect(valuesIn(userType, read).roles).toHaveLength(40);
    expect((await roll.journal()).length).toBe(before + 40);
  });

  test('members that come and go are all counted, and crossing changes of two groups end', async () => {
    const people = await Promise.all(
      Array.from({ length: 30 }, (_, index) => roll.create(userType, { userName: `member${index}` })),
    );
    const [one, two] = [
      (await roll.create(groupType, { displayName: 'one' })).id,
      (await roll.create(groupType, { displayName: 'two' })).id,
    ];
    const change = (group: string, op: 'add' | 'remove', id: string) =>
      updateMembers(roll.caller, roll.db, group, [{ op, ids: [id] }], rules);
    await Promise.all(people.flatMap(({ id }) => [change(one, 'add', id), change(two, 'add', id)]));
    const leavers = people.slice(0, 10);
    await Promise.all([
      ...leavers.map(({ id }) => deleteResource(roll.caller, roll.db, userType, id)),
      ...people.slice(10, 20).map(({ id }) => change(one, 'remove', id)),
    ]);
    const [first, second] = [await roll.get(groupType, one), await roll.get(groupType, two)];
    expect([first.members?.length, second.members?.length]).toEqual([10, 20]);
    expect([first.version, second.version]).toEqual([1 + 30 + 20, 1 + 30 + 10]);
  });

  test('a change that waited for another sees the external id and the groups that the other left', async () => {
    const { id } = await roll.create(userType, { userName: 'waited for' });
    const club = await roll.create(groupType, { displayName: 'joined meanwhile' });
    await roll.client.query('begin');
    await roll.client.query('select from app_user where id = $1 for update', [id]);
    const waiting = roll.update(userType, id, [{ op: 'set', path: 'title', value: 'Dr.' }], {
      externalId: 'meanwhile',
    });
    await waitForWaiting(roll.client, 1);
    await roll.client.query(
      `insert into external_id (tenant, connection, kind, resource, value, value_key) values ($1, $2, 'User', $3, $4, $4)`,
      [roll.caller.tenant, roll.caller.connection, id, 'before'],
    );
    await roll.client.query(`insert into group_member (tenant, group_id, member, kind) values ($1, $2, $3, 'User')`, [
      roll.caller.tenant,
      club.id,
      id,
    ]);
    await roll.client.query('commit');
    expect((await waiting).groups?.map((group) => group.id)).toEqual([club.id]);
    expect((await roll.journal()).at(-1)?.changes).toContainEqual({
      path: 'externalId',
      from: 'before',
      to: 'meanwhile',
    });
  });
});
