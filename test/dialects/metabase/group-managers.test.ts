import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Client, clientFor, type Metabase, makeGroup, makeSomebody, startMetabase } from './cast.ts';

let metabase: Metabase;
let admin: Client;
beforeAll(async () => {
  metabase = await startMetabase({ edition: 'enterprise' });
  admin = metabase.as('crowberto');
});
afterAll(() => metabase.stop());

const forbidden = { status: 403, body: "You don't have permissions to do that." };
const said = (body: string) => ({ status: 400, body });
const gone = { status: 204, body: '' };

interface Row {
  readonly membership_id: number;
  readonly group_id: number;
  readonly user_id: number;
}

/** A group with a manager and a member. */
async function managed() {
  const manager = await makeSomebody(metabase);
  const member = await makeSomebody(metabase);
  const group = await makeGroup(metabase, [member], [manager]);
  const client = await clientFor(metabase, manager);
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
  const client = await clientFor(metabase, member);
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
