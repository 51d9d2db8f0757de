import { afterAll, beforeAll, expect, test } from 'vitest';
import { updateMembers } from '#operations/update-members.ts';
import { withClient } from '#test/support/with-client.ts';
import { rules } from '../../operations/open-roll.ts';
import { type Client, type Member, type Metabase, makeGroup, startMetabase } from './cast.ts';

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

interface Row {
  readonly membership_id: number;
  readonly group_id: number;
  readonly user_id: number;
}

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
