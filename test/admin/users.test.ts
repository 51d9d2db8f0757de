import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Client, clientOf } from '../dialects/scim/scim-client.ts';
import { type Admin, startAdmin } from './admin-client.ts';

let admin: Admin;
let scim: Client;
beforeAll(async () => {
  admin = await startAdmin();
  scim = clientOf(admin.muster, await admin.muster.connect({ name: 'okta' }));
});
afterAll(() => admin.stop());

const idsOf = (body: { items: { id: string }[] }) => body.items.map(({ id }) => id);

test('a person is found by the userName and by an e-mail, in any case of letters', async () => {
  await scim.makeUser({ userName: 'ada', emails: [{ value: 'ada@example.org' }] });
  const { id } = await scim.makeUser({ userName: 'Ivan', emails: [{ value: 'ivan@example.org' }] });
  const find = async (query: string) => idsOf((await admin.admin.get(`/users?${query}`)).body);
  expect(await find('userName=IVAN')).toEqual([id]);
  expect(await find('email=Ivan@Example.org')).toEqual([id]);
  expect(await find('userName=ivan&email=ivan@example.org')).toEqual([id]);
  expect(await find('userName=ivan&email=ada@example.org')).toEqual([]);
  expect((await admin.stranger.get('/users?userName=ivan')).body).toEqual({ items: [] });
});

test('everybody is read in pages, to the end', async () => {
  const { body: all } = await admin.admin.get('/users');
  const { body: first } = await admin.admin.get('/users?limit=1');
  expect(idsOf(first)).toEqual(idsOf(all).slice(0, 1));
  const { body: second } = await admin.admin.get(`/users?limit=${all.items.length - 1}&after=${first.next}`);
  expect([...idsOf(first), ...idsOf(second)]).toEqual(idsOf(all));
  expect(second.next).toBeUndefined();
});

test('a person is shown with groups, and with what each connection calls him', async () => {
  const user = await scim.makeUser({ userName: 'Zoë Ångström', externalId: '00u1', title: 'Astronomer' });
  const group = await scim.makeGroup([user.id], { displayName: 'Observatory' });
  const { body } = await admin.admin.get(`/users/${encodeURIComponent('zoë ångström')}`);
  expect(body).toMatchObject({
    id: user.id,
    active: true,
    attributes: { userName: 'Zoë Ångström', title: 'Astronomer' },
    groups: [{ id: group.id, name: 'Observatory', direct: true }],
    broughtIds: [],
    externalIds: [{ name: 'okta', value: '00u1' }],
  });
  expect((await admin.admin.get(`/users/${user.id}`)).body).toEqual(body);
});

test('a userName may hold what a path does not', async () => {
  const { id } = await scim.makeUser({ userName: 'corp/ivan?x#y' });
  expect((await admin.admin.get(`/users/${encodeURIComponent('corp/ivan?x#y')}`)).body.id).toBe(id);
});

test('why is Ivan inactive? The timeline says who did it, and the state what he was before', async () => {
  const { id } = await scim.makeUser({ userName: 'inactive-ivan' });
  await scim.patch(`/Users/${id}`, [{ op: 'replace', path: 'active', value: false }], {
    'X-Request-Id': 'the-culprit',
  });
  const { body } = await admin.admin.get('/users/inactive-ivan/timeline');
  expect([body.id, body.state]).toEqual([id, 'inactive']);
  const [last, first] = body.items;
  expect(last).toMatchObject({ what: 'deactivated', by: { connection: { name: 'okta' }, dialect: 'scim' } });
  expect(last.by.requestId).toBe('the-culprit');
  const { body: then } = await admin.admin.get(`/users/${id}/state?at=${first.at}`);
  expect(then).toMatchObject({ state: 'active', attributes: { userName: 'inactive-ivan' } });
  const { body: page } = await admin.admin.get(`/users/${id}/timeline?limit=1`);
  const { body: rest } = await admin.admin.get(`/users/${id}/timeline?after=${page.next}`);
  expect([...page.items, ...rest.items]).toEqual(body.items);
});

test('the journal is read by what changed, by connection and by time, in pages', async () => {
  const user = await scim.makeUser();
  await scim.patch(`/Users/${user.id}`, [{ op: 'replace', path: 'title', value: 'Dr' }]);
  const read = async (query: string) => (await admin.admin.get(`/journal?${query}`)).body;
  const { items } = await read(`resource=${user.id}`);
  expect(items.map(({ action }: { action: string }) => action)).toEqual(['updated', 'created']);
  expect(items[0]).toMatchObject({ kind: 'User', dialect: 'scim', changes: [{ path: 'title', to: 'Dr' }] });
  const { connection } = items[0];
  expect((await read(`resource=${user.id}&connection=${connection}`)).items).toEqual(items);
  expect((await read(`resource=${user.id}&connection=${user.id}`)).items).toEqual([]);
  expect((await read(`resource=${user.id}&to=2026-01-01T00:00:00Z`)).items).toEqual([]);
  expect((await read(`resource=${user.id}&from=2026-01-01T00:00:00Z`)).items).toEqual(items);
  const page = await read(`resource=${user.id}&limit=1`);
  expect([...page.items, ...(await read(`resource=${user.id}&after=${page.next}`)).items]).toEqual(items);
  expect((await admin.stranger.get(`/journal?resource=${user.id}`)).body.items).toEqual([]);
});
