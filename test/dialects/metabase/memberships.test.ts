import { afterAll, beforeAll, expect, test } from 'vitest';
import { groupType } from '#attributes/resource-type.ts';
import { updateMembers } from '#operations/update-members.ts';
import { rules } from '../../operations/open-roll.ts';
import { type Client, type Metabase, makeGroup, makeSomebody, startMetabase } from './cast.ts';

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

interface Row {
  readonly membership_id: number;
  readonly group_id: number;
  readonly user_id: number;
}

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
