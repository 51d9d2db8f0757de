import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { groupType } from '#attributes/resource-type.ts';
import { updateMembers } from '#operations/update-members.ts';
import { withClient } from '#test/support/with-client.ts';
import { rules } from '../../operations/open-roll.ts';
import { type Client, clientFor, type Member, type Metabase, makeGroup, makeSomebody, startMetabase } from './cast.ts';

let metabase: Metabase;
let crowberto: Client;
let rasta: Client;
beforeAll(async () => {
  metabase = await startMetabase();
  crowberto = metabase.as('crowberto');
  rasta = metabase.as('rasta');
});
afterAll(() => metabase.stop());

const forbidden = { status: 403, body: "You don't have permissions to do that." };
const said = (body: string) => ({ status: 400, body });
const members = async (id: number) => (await crowberto.get(`/api/permissions/group/${id}`)).body.members;
const gone = { status: 204, body: '' };
const everybodyRow = ({ email, number }: Member) => ({ email, user_id: number, membership_id: 3 * number + 1 });

describe('groups', () => {
  test('case 112: the list has All Users and Administrators with those who are active in them', async () => {
    const { status, headers, body } = await crowberto.get('/api/permissions/group');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/json;charset=utf-8');
    expect(body).toEqual(
      expect.arrayContaining([
        { id: 1, name: 'All Users', member_count: 3 },
        { id: 2, name: 'Administrators', member_count: 1 },
      ]),
    );
  });

  test('case 113: an empty group has no members', async () => {
    const { number, name } = await makeGroup(metabase, []);
    const { body } = await crowberto.get('/api/permissions/group');
    expect(body).toContainEqual({ id: number, name, member_count: 0 });
  });

  test('deactivated people and groups in a group do not count as its members', async () => {
    const { cast, muster, admin } = metabase;
    const inner = await makeGroup(metabase, [cast.lucky]);
    const { id, number, name } = await makeGroup(metabase, [cast.rasta, cast.trash]);
    await updateMembers(admin, muster.db, id, [{ op: 'add', ids: [inner.id] }], rules);
    const { body } = await crowberto.get('/api/permissions/group/');
    expect(body).toContainEqual({ id: number, name, member_count: 1 });
    expect((await members(number)).map(({ user_id }: { user_id: number }) => user_id)).toEqual([cast.rasta.number]);
  });

  test('case 114: the list is for superusers', async () => {
    expect(await rasta.get('/api/permissions/group')).toMatchObject(forbidden);
    expect(await metabase.with().get('/api/permissions/group')).toMatchObject({ status: 401, body: 'Unauthenticated' });
  });

  test('case 115: limit and offset have defaults', async () => {
    const part = async (query: string) => (await crowberto.get(`/api/permissions/group?${query}`)).body;
    expect(await part('limit=1')).toEqual(await part('limit=1&offset=0'));
    expect(await part('limit=1')).toHaveLength(1);
    expect(await part('offset=1')).toEqual(await part('limit=50&offset=1'));
  });

  test('case 116: Administrators come first, then All Users', async () => {
    const { body } = await crowberto.get('/api/permissions/group?limit=1&offset=1');
    expect(body).toEqual([{ id: 1, name: 'All Users', member_count: expect.any(Number) }]);
  });

  test('case 117: the members of All Users are everybody who is active, by name', async () => {
    const { cast } = metabase;
    const { body } = await crowberto.get('/api/permissions/group/1');
    expect(body).toEqual({
      id: 1,
      name: 'All Users',
      members: [
        { first_name: 'Crowberto', last_name: 'Corv', ...everybodyRow(cast.crowberto) },
        { first_name: 'Lucky', last_name: 'Pigeon', ...everybodyRow(cast.lucky) },
        { first_name: 'Rasta', last_name: 'Toucan', ...everybodyRow(cast.rasta) },
      ],
    });
    expect(Object.keys(body.members[0])).toEqual(['first_name', 'last_name', 'email', 'user_id', 'membership_id']);
    const administrators = await crowberto.get('/api/permissions/group/2');
    expect(administrators.body).toMatchObject({
      ...{ id: 2, name: 'Administrators' },
      members: [{ user_id: cast.crowberto.number, membership_id: 3 * cast.crowberto.number + 2 }],
    });
  });

  test('case 118: an unknown group is not found', async () => {
    expect(await crowberto.get('/api/permissions/group/10000')).toMatchObject({ status: 404, body: 'Not found.' });
    const { body } = await crowberto.get('/api/permissions/group/0');
    expect(body.errors).toEqual({ id: 'value must be an integer greater than zero.' });
  });

  test('case 119: a group is for superusers', async () => {
    expect(await rasta.get('/api/permissions/group/1')).toMatchObject(forbidden);
    expect(await rasta.get('/api/permissions/group/10000')).toMatchObject(forbidden);
  });

  test('case 120: a group is made by superusers, with a name', async () => {
    const { status, body } = await crowberto.post('/api/permissions/group', { name: 'Made Here' });
    expect({ status, body }).toEqual({ status: 200, body: { id: expect.any(Number), name: 'Made Here' } });
    expect((await crowberto.get(`/api/permissions/group/${body.id}`)).body).toEqual({ ...body, members: [] });
    expect(await rasta.post('/api/permissions/group', { name: 'Another' })).toMatchObject(forbidden);
    const nameless = await crowberto.post('/api/permissions/group', { name: null });
    expect(nameless).toMatchObject({ status: 400 });
    expect(nameless.body).toEqual({
      errors: { name: 'value must be a non-blank string.' },
      'specific-errors': { name: ['should be a string, received: nil', 'non-blank string, received: nil'] },
    });
  });

  test('no two groups have one name, whatever the capitals', async () => {
    const taken = said('A group with that name already exists.');
    const { name, number } = await makeGroup(metabase, []);
    const other = await makeGroup(metabase, []);
    expect(await crowberto.post('/api/permissions/group', { name: name.toUpperCase() })).toMatchObject(taken);
    expect(await crowberto.post('/api/permissions/group', { name: 'all users' })).toMatchObject(taken);
    expect(await crowberto.put(`/api/permissions/group/${other.number}`, { name })).toMatchObject(taken);
    expect(await crowberto.put(`/api/permissions/group/${number}`, { name: 'ADMINISTRATORS' })).toMatchObject(taken);
    const long = await crowberto.post('/api/permissions/group', { name: 'x'.repeat(300) });
    expect(long).toMatchObject({ status: 400, body: { errors: { name: expect.any(String) } } });
  });

  test('a group is renamed by superusers', async () => {
    const { number } = await makeGroup(metabase, []);
    const path = `/api/permissions/group/${number}`;
    expect(await rasta.put(path, { name: 'Mine' })).toMatchObject(forbidden);
    expect(await crowberto.put(path, { name: 'Renamed' })).toMatchObject({
      ...{ status: 200, body: { id: number, name: 'Renamed' } },
    });
    expect((await crowberto.get(path)).body.name).toBe('Renamed');
    const unknown = await crowberto.put('/api/permissions/group/10000', { name: 'Nobody' });
    expect(unknown).toMatchObject({ status: 404, body: 'Not found.' });
  });

  test('case 121: a group is deleted by superusers, and again', async () => {
    const { number } = await makeGroup(metabase, [metabase.cast.rasta]);
    const path = `/api/permissions/group/${number}`;
    expect(await rasta.delete(path)).toMatchObject(forbidden);
    expect(await crowberto.delete(path)).toMatchObject(gone);
    expect(await crowberto.delete(path)).toMatchObject(gone);
    expect(await rasta.delete(path)).toMatchObject(forbidden);
  });

  test('All Users and Administrators cannot be deleted or renamed', async () => {
    const all = said("You cannot edit or delete the 'All Users' permissions group!");
    const administrators = said("You cannot edit or delete the 'Administrators' permissions group!");
    expect(await crowberto.delete('/api/permissions/group/1')).toMatchObject(all);
    expect(await crowberto.put('/api/permissions/group/1', { name: 'Everybody' })).toMatchObject(all);
    expect(await crowberto.delete('/api/permissions/group/2')).toMatchObject(administrators);
    expect(await crowberto.put('/api/permissions/group/2', { name: 'Everybody' })).toMatchObject(administrators);
    expect(await rasta.delete('/api/permissions/group/1')).toMatchObject(forbidden);
  });
});

interface Row {
  readonly membership_id: number;
  readonly group_id: number;
  readonly user_id: number;
}

describe('memberships', () => {
  const map = async () => (await crowberto.get('/api/permissions/membership')).body as Record<string, Row[]>;
  const idOf = async (user: number, group: number) =>
    (await map())[user]?.find(({ group_id }) => group_id === group)?.membership_id ?? 0;

  test('case 122: everybody is a key of the map, active or not', async () => {
    const { cast } = metabase;
    const { number } = await makeGroup(metabase, [cast.rasta]);
    const all = await map();
    for (const { number: user } of Object.values(cast)) {
      expect(all[user]).toContainEqual({
        ...{ membership_id: 3 * user + 1, group_id: 1, user_id: user, is_group_manager: false },
      });
    }
    expect(all[cast.crowberto.number]?.map(({ group_id }) => group_id)).toEqual([1, 2]);
    const row = all[cast.rasta.number]?.find(({ group_id }) => group_id === number);
    expect(row).toEqual({
      ...{ membership_id: expect.any(Number), group_id: number, user_id: cast.rasta.number, is_group_manager: false },
    });
    expect(Number(row?.membership_id) % 3).toBe(0);
    expect(await rasta.get('/api/permissions/membership')).toMatchObject(forbidden);
  });

  test('case 123: somebody is put into a group by superusers, who get its members', async () => {
    const { lucky, rasta: toucan } = metabase.cast;
    const { number } = await makeGroup(metabase, [lucky]);
    const wish = { group_id: number, user_id: toucan.number };
    expect(await rasta.post('/api/permissions/membership', wish)).toMatchObject(forbidden);
    const { status, body } = await crowberto.post('/api/permissions/membership', wish);
    expect({ status, body }).toEqual({ status: 200, body: await members(number) });
    expect(body.map(({ user_id }: Row) => user_id)).toEqual([lucky.number, toucan.number]);
    expect(await crowberto.post('/api/permissions/membership', wish)).toMatchObject(said('Invalid Request.'));
  });

  test('nobody is put into All Users, and whoever is put into Administrators is a superuser', async () => {
    const { number } = await makeSomebody(metabase);
    const post = (group_id: number) => crowberto.post('/api/permissions/membership', { group_id, user_id: number });
    expect(await post(1)).toMatchObject(said("You cannot add or remove users to/from the 'All Users' group."));
    const { status, body } = await post(2);
    expect(status).toBe(200);
    expect(body).toContainEqual(expect.objectContaining({ user_id: number, membership_id: 3 * number + 2 }));
    expect((await crowberto.get(`/api/user/${number}`)).body.is_superuser).toBe(true);
    expect(await post(2)).toMatchObject(said('Invalid Request.'));
    expect(await crowberto.delete(`/api/permissions/membership/${3 * number + 2}`)).toMatchObject(gone);
    expect((await crowberto.get(`/api/user/${number}`)).body.is_superuser).toBe(false);
  });

  test('a membership that cannot be is refused', async () => {
    const { number } = await makeGroup(metabase, []);
    const post = (body: object) => crowberto.post('/api/permissions/membership', body);
    const missing = { status: 404, body: 'Not found.' };
    expect(await post({ group_id: number, user_id: 1_000_000 })).toMatchObject(missing);
    expect(await post({ group_id: 1_000_000, user_id: metabase.cast.rasta.number })).toMatchObject(missing);
    const field = (name: string) => ({ status: 400, body: { errors: { [name]: expect.any(String) } } });
    expect(await post({ user_id: 1 })).toMatchObject(field('group_id'));
    expect(await post({ group_id: number, user_id: 'x' })).toMatchObject(field('user_id'));
    expect(await post({ group_id: number, user_id: 1, is_group_manager: 3 })).toMatchObject(field('is_group_manager'));
  });

  test('case 124: managers of groups are a feature of the enterprise edition', async () => {
    const { rasta: toucan } = metabase.cast;
    const { number } = await makeGroup(metabase, [toucan]);
    const path = `/api/permissions/membership/${await idOf(toucan.number, number)}`;
    const text =
      'The group manager permissions functionality is only enabled if you have a premium token with the advanced-permissions feature.';
    expect(await crowberto.put(path, { is_group_manager: true })).toMatchObject({ status: 402, body: text });
    expect(await rasta.put(path, { is_group_manager: true })).toMatchObject({ status: 402, body: text });
    const wish = { group_id: number, user_id: metabase.cast.lucky.number, is_group_manager: true };
    expect(await crowberto.post('/api/permissions/membership', wish)).toMatchObject({ status: 402, body: text });
    expect(await rasta.post('/api/permissions/membership', wish)).toMatchObject(forbidden);
  });

  test('case 125: a group is emptied by superusers and stays; Administrators are not', async () => {
    const { cast } = metabase;
    const { number } = await makeGroup(metabase, [cast.rasta, cast.trash], [cast.lucky]);
    const path = `/api/permissions/membership/${number}/clear`;
    expect(await rasta.put(path)).toMatchObject(forbidden);
    expect(await crowberto.put(path)).toMatchObject(gone);
    expect(await members(number)).toEqual([]);
    expect(await idOf(cast.trash.number, number)).toBe(0);
    expect(await crowberto.put(path)).toMatchObject(gone);
    expect(await crowberto.put('/api/permissions/membership/2/clear')).toMatchObject(said('Invalid Request.'));
    expect(await crowberto.put('/api/permissions/membership/1/clear')).toMatchObject(
      said("You cannot add or remove users to/from the 'All Users' group."),
    );
    expect(await crowberto.put('/api/permissions/membership/10000/clear')).toMatchObject({ status: 404 });
  });

  test('a group that is emptied keeps the groups in it, and loses only managers who were in it', async () => {
    const { cast, muster, admin } = metabase;
    const inner = await makeGroup(metabase, []);
    const { id, number } = await makeGroup(metabase, [], [cast.lucky, cast.rasta]);
    const outsider = { op: 'remove', ids: [cast.rasta.id] } as const;
    await updateMembers(admin, muster.db, id, [{ op: 'add', ids: [inner.id] }, outsider], rules);
    await crowberto.put(`/api/permissions/membership/${number}/clear`);
    const { body } = await muster.send(await muster.connect(), 'GET', `/Groups/${id}`);
    expect(body.members.map(({ value }: { value: string }) => value)).toEqual([inner.id]);
    const extension = body[groupType.attributes.muster.urn];
    expect(extension.managers.map(({ value }: { value: string }) => value)).toEqual([cast.rasta.id]);
  });

  test('case 126: somebody is taken out of a group by superusers', async () => {
    const { rasta: toucan } = metabase.cast;
    const { number } = await makeGroup(metabase, [toucan]);
    const path = `/api/permissions/membership/${await idOf(toucan.number, number)}`;
    expect(await rasta.delete(path)).toMatchObject(forbidden);
    expect(await crowberto.delete(path)).toMatchObject(gone);
    expect(await members(number)).toEqual([]);
    expect(await crowberto.delete(path)).toMatchObject({ status: 404, body: 'Not found.' });
    expect(await rasta.delete(path)).toMatchObject(forbidden);
  });

  test('nobody leaves All Users, and the last superuser stays one', async () => {
    const { cast } = metabase;
    const leave = (id: number) => crowberto.delete(`/api/permissions/membership/${id}`);
    expect(await leave(3 * cast.rasta.number + 1)).toMatchObject(
      said("You cannot add or remove users to/from the 'All Users' group."),
    );
    expect(await leave(3 * cast.crowberto.number + 2)).toMatchObject(
      said("You cannot remove the last member of the 'Admin' group!"),
    );
    expect(await leave(3 * cast.rasta.number + 2)).toMatchObject({ status: 404 });
    expect(await leave(3 * 1_000_000 + 1)).toMatchObject({ status: 404 });
  });

  test('who comes back into a group has another membership', async () => {
    const { number } = await makeSomebody(metabase);
    const group = await makeGroup(metabase, []);
    const join = async () => {
      const wish = { group_id: group.number, user_id: number };
      return (await crowberto.post('/api/permissions/membership', wish)).body[0].membership_id as number;
    };
    const first = await join();
    await crowberto.delete(`/api/permissions/membership/${first}`);
    expect(await join()).not.toBe(first);
  });
});

describe('managers of groups', () => {
  let enterprise: Metabase;
  let admin: Client;
  beforeAll(async () => {
    enterprise = await metabase.beside({ edition: 'enterprise' });
    admin = enterprise.as('crowberto');
  });

  /** A group with a manager and a member. */
  async function managed() {
    const manager = await makeSomebody(metabase);
    const member = await makeSomebody(metabase);
    const group = await makeGroup(metabase, [member], [manager]);
    const client = await clientFor(enterprise, manager);
    return { group, manager, member, client, other: await makeGroup(metabase, [member]) };
  }

  const idIn = async (client: Client, user: number, group: number) => {
    const { body } = await client.get('/api/permissions/membership');
    return body[user]?.find(({ group_id }: Row) => group_id === group)?.membership_id ?? 0;
  };

  test('case 127: a manager sees and changes his own groups, and no others', async () => {
    const { group, manager, member, client, other } = await managed();
    const list = await client.get('/api/permissions/group');
    expect(list).toMatchObject({ status: 200, body: [{ id: group.number, name: group.name, member_count: 2 }] });
    const { body } = await client.get('/api/permissions/membership');
    expect(Object.keys(body).map(Number)).toEqual([manager.number, member.number]);
    expect(body[manager.number]).toEqual([
      {
        ...{ membership_id: expect.any(Number), group_id: group.number },
        ...{ user_id: manager.number, is_group_manager: true },
      },
    ]);
    const path = `/api/permissions/group/${group.number}`;
    const shown = await client.get(path);
    expect(shown.body.members).toContainEqual(
      expect.objectContaining({ user_id: manager.number, is_group_manager: true }),
    );
    expect(await client.put(path, { name: `${group.name} of mine` })).toMatchObject({ status: 200 });
    for (const id of [1, 2, other.number, 10_000]) {
      expect(await client.get(`/api/permissions/group/${id}`)).toMatchObject(forbidden);
      expect(await client.put(`/api/permissions/group/${id}`, { name: 'x' })).toMatchObject(forbidden);
      expect(await client.delete(`/api/permissions/group/${id}`)).toMatchObject(forbidden);
    }
    expect(await client.post('/api/permissions/group', { name: 'New' })).toMatchObject(forbidden);
    expect(await client.delete(path)).toMatchObject(gone);
    expect(await client.get('/api/permissions/group')).toMatchObject(forbidden);
  });

  test('a member who is no manager sees and changes no group', async () => {
    const { group, member } = await managed();
    const client = await clientFor(enterprise, member);
    expect(await client.get('/api/permissions/group')).toMatchObject(forbidden);
    expect(await client.get('/api/permissions/membership')).toMatchObject(forbidden);
    expect(await client.get(`/api/permissions/group/${group.number}`)).toMatchObject(forbidden);
    const id = await idIn(admin, member.number, group.number);
    expect(await client.put(`/api/permissions/membership/${id}`, { is_group_manager: true })).toMatchObject(forbidden);
    expect(await client.delete(`/api/permissions/membership/${id}`)).toMatchObject(forbidden);
    expect(await client.put(`/api/permissions/membership/${group.number}/clear`)).toMatchObject(forbidden);
  });

  test('case 128: superusers and managers make managers', async () => {
    const { group, client, other } = await managed();
    const post = async (by: Client, group_id: number) => {
      const { number } = await makeSomebody(metabase);
      const wish = { group_id, user_id: number, is_group_manager: true };
      return { number, answer: await by.post('/api/permissions/membership', wish) };
    };
    for (const by of [admin, client]) {
      const { number, answer } = await post(by, group.number);
      expect(answer.status).toBe(200);
      expect(answer.body).toContainEqual(expect.objectContaining({ user_id: number, is_group_manager: true }));
    }
    expect((await post(client, other.number)).answer).toMatchObject(forbidden);
  });

  test('a manager takes people out of his group, empties it, and makes members managers', async () => {
    const { group, manager, member, client, other } = await managed();
    const id = await idIn(client, member.number, group.number);
    expect(await client.put(`/api/permissions/membership/${id}`, { is_group_manager: true })).toMatchObject({
      ...{ status: 200, body: { id, user_id: member.number, group_id: group.number, is_group_manager: true } },
    });
    expect(await client.delete(`/api/permissions/membership/${id}`)).toMatchObject(gone);
    const foreign = await idIn(admin, member.number, other.number);
    expect(await client.delete(`/api/permissions/membership/${foreign}`)).toMatchObject(forbidden);
    const body = { is_group_manager: true };
    expect(await client.put(`/api/permissions/membership/${foreign}`, body)).toMatchObject(forbidden);
    expect(await client.put(`/api/permissions/membership/${group.number}/clear`)).toMatchObject(gone);
    expect(await idIn(admin, manager.number, group.number)).toBe(0);
    expect(await client.get('/api/permissions/group')).toMatchObject(forbidden);
  });

  test('who leaves a group manages it no longer when he comes back', async () => {
    const { group, manager } = await managed();
    await admin.delete(`/api/permissions/membership/${await idIn(admin, manager.number, group.number)}`);
    const wish = { group_id: group.number, user_id: manager.number };
    const { body } = await admin.post('/api/permissions/membership', wish);
    expect(body.find(({ user_id }: Row) => user_id === manager.number).is_group_manager).toBe(false);
  });

  test('case 129: a superuser is the manager of no group', async () => {
    const { cast } = metabase;
    const { number } = await makeGroup(metabase, [cast.crowberto]);
    const refused = said('Admin cant be a group manager.');
    const wish = { group_id: number, user_id: cast.crowberto.number, is_group_manager: true };
    expect(await admin.post('/api/permissions/membership', wish)).toMatchObject(refused);
    const id = await idIn(admin, cast.crowberto.number, number);
    expect(await admin.put(`/api/permissions/membership/${id}`, { is_group_manager: true })).toMatchObject(refused);
    expect(await admin.put('/api/permissions/membership/3000000', { is_group_manager: true })).toMatchObject({
      ...{ status: 404, body: 'Not found.' },
    });
  });
});

test('more people than are read at once are one object and one array', async () => {
  const { muster } = metabase;
  const { id, number } = await makeGroup(metabase, []);
  await withClient(muster.database.connection, async (client) => {
    await client.query(`insert into app_user (tenant, id, number, object_id, active, has_references, label, user_name_key, document)
      select 1, gen_random_uuid(), 900000 + n, 'many' || n, true, false, 'many', 'many' || n, '{}' from generate_series(1, 600) n`);
    const members = `insert into group_member (tenant, group_id, member, kind) select 1, $1, id, 'User' from app_user where number > 900000`;
    await client.query(members, [id]);
  });
  const { body } = await crowberto.get('/api/permissions/membership');
  const ids = Array.from({ length: 600 }, (_, index) => 900_001 + index);
  expect(Object.keys(body).map(Number)).toEqual(expect.arrayContaining(ids));
  expect(body[900_550].map(({ group_id }: Row) => group_id)).toEqual([1, number]);
  const group = await crowberto.get(`/api/permissions/group/${number}`);
  expect(group.body.name).toMatch(/^Group/);
  expect(group.body.members.map(({ user_id }: Row) => user_id)).toEqual(ids);
  const rows = ids.map((user) => body[user].at(-1).membership_id);
  expect(group.body.members.map(({ membership_id }: Row) => membership_id)).toEqual(rows);
});
