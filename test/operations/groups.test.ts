import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { groupType, userType } from '#attributes/resource-type.ts';
import { deleteResource } from '#operations/delete-resource.ts';
import { updateMembers } from '#operations/update-members.ts';
import { postgresVersions } from '#test/support/postgres-versions.ts';
import { openRoll, rules, type TestRoll } from './open-roll.ts';

describe.each(postgresVersions)('groups on PostgreSQL %i', (version) => {
  let roll: TestRoll;
  beforeAll(async () => {
    roll = await openRoll(version);
  });
  afterAll(() => roll.close());

  const group = async (displayName: string, ...members: string[]) =>
    (await roll.create(groupType, { displayName }, { members })).id;
  const user = async (userName: string) => (await roll.create(userType, { userName })).id;
  const add = (to: string, ...ids: string[]) => updateMembers(roll.caller, roll.db, to, [{ op: 'add', ids }], rules);
  const groupsOf = async (id: string) =>
    (await roll.get(userType, id)).groups?.map(({ label, direct }) => `${label} ${direct ? 'direct' : 'indirect'}`);

  test('a user has his direct and his indirect groups, each once', async () => {
    const ada = await user('ada');
    const inner = await group('inner', ada);
    const outer = await group('outer', inner);
    await group('outermost', outer, inner, ada);
    await group('elsewhere');
    expect((await groupsOf(ada))?.sort()).toEqual(['inner direct', 'outer indirect', 'outermost direct']);
  });

  test('groups that contain one another do not go on for ever (S-30)', async () => {
    const bob = await user('bob');
    const [a, b] = [await group('A', bob), await group('B')];
    await add(a, b);
    await add(b, a, b);
    expect((await groupsOf(bob))?.sort()).toEqual(['A direct', 'B indirect']);
    expect((await roll.get(groupType, a)).members?.map(({ id }) => id).sort()).toEqual([bob, b].sort());
  });

  test('10,000 levels of groups are bounded work, well within the time of a statement (S-30)', async () => {
    const deep = await user('deep');
    await roll.client.query(
      `insert into app_group (tenant, id, number, object_id, has_references, label, document)
        select $1, ('00000000-0000-7000-9000-' || lpad(to_hex(i), 12, '0'))::uuid, 1000000 + i, 'deep' || i, false,
          'level ' || i, '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"level"}'
        from generate_series(0, 9999) as i`,
      [roll.caller.tenant],
    );
    await roll.client.query(
      `insert into group_member (tenant, group_id, member, kind)
        select $1, ('00000000-0000-7000-9000-' || lpad(to_hex(i + 1), 12, '0'))::uuid,
          ('00000000-0000-7000-9000-' || lpad(to_hex(i), 12, '0'))::uuid, 'Group' from generate_series(0, 9998) as i`,
      [roll.caller.tenant],
    );
    await add('00000000-0000-7000-9000-000000000000', deep);
    const { groups } = await roll.get(userType, deep);
    expect(groups).toHaveLength(10_000);
    expect(groups?.filter(({ direct }) => direct)).toHaveLength(1);
    await deleteResource(roll.caller, roll.db, userType, deep);
  });

  test('somebody deactivated stays in his groups', async () => {
    const eve = await user('eve');
    const club = await group('club', eve);
    await roll.update(userType, eve, [{ op: 'set', path: 'active', value: false }]);
    expect(await groupsOf(eve)).toEqual(['club direct']);
    expect((await roll.get(groupType, club)).members).toHaveLength(1);
  });

  test('a deleted group leaves its members alone, and the groups that it was in', async () => {
    const zoe = await user('zoe');
    const team = await group('team', zoe);
    const company = await group('company', team, zoe);
    const before = (await roll.journal()).length;
    await deleteResource(roll.caller, roll.db, groupType, team);
    expect(await groupsOf(zoe)).toEqual(['company direct']);
    expect((await roll.get(groupType, company)).version).toBe(2);
    expect((await roll.get(groupType, company)).members?.map(({ id }) => id)).toEqual([zoe]);
    const rows = (await roll.journal()).slice(before);
    expect(rows.map(({ resource, action }) => `${action} ${resource}`).sort()).toEqual(
      [`deleted ${team}`, `updated ${company}`].sort(),
    );
    const gone = rows.find(({ action }) => action === 'deleted');
    expect(gone).toMatchObject({ members: [zoe] });
    expect(gone?.changes).toContainEqual({ path: 'members', added: [], removed: [zoe] });
  });

  test('a member that does not exist is refused and nobody is added, or left out, as the rules say', async () => {
    const [real, nobody] = [await user('real'), '00000000-0000-7000-8000-00000000dead'];
    const club = await group('strict club');
    await expect(add(club, real, nobody)).rejects.toMatchObject({ kind: 'invalid_value' });
    expect((await roll.get(groupType, club)).members).toEqual([]);
    const skip = { ...rules, unknownReference: 'skip' as const };
    const skipped = await updateMembers(roll.caller, roll.db, club, [{ op: 'add', ids: [real, nobody, 'x'] }], skip);
    expect([...skipped].sort()).toEqual([nobody, 'x'].sort());
    expect((await roll.get(groupType, club)).members?.map(({ id }) => id)).toEqual([real]);
  });

  test('lists of 70,000 ids are more than the parameters of a statement and work (K-8)', async () => {
    const club = await group('large club', await user('only one'));
    const ids = Array.from(
      { length: 70_000 },
      (_, index) => `00000000-0000-7000-a000-${String(index).padStart(12, '0')}`,
    );
    const skip = { ...rules, unknownReference: 'skip' as const };
    const change = (op: 'add' | 'remove' | 'set') => updateMembers(roll.caller, roll.db, club, [{ op, ids }], skip);
    expect(await change('add')).toHaveLength(70_000);
    expect(await change('remove')).toEqual([]);
    expect((await roll.get(groupType, club)).members).toHaveLength(1);
    expect(await change('set')).toHaveLength(70_000);
    expect((await roll.get(groupType, club)).members).toEqual([]);
  });
});
