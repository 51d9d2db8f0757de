import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withClient } from '#test/support/with-client.ts';
import { type Client, coreGroup, expectError, newName, nobody, type Scim, startScim } from './scim-client.ts';
import { core, enterprise, muster } from './urns.ts';

let scim: Scim;
let client: Client;

beforeAll(async () => {
  scim = await startScim();
  client = scim.lenient;
});
afterAll(() => scim.stop());

const full = () => ({
  title: 'x',
  name: { givenName: 'Ada' },
  emails: [{ value: 'a@example.org', type: 'work' }],
  [enterprise]: { department: 'Tooling' },
  [muster]: { supervisor: true },
});

test('R-260: PUT answers the whole resource with a new version', async () => {
  const made = await client.makeUser(full());
  const sent = { schemas: [core], userName: made.userName, title: 'y' };
  const { status, headers, body } = await client.put(`/Users/${made.id}`, sent);
  expect(status).toBe(200);
  expect(body).toEqual({ ...sent, id: made.id, active: true, meta: { ...made.meta, ...body.meta } });
  expect(body.meta).toMatchObject({ version: 'W/"2"', created: made.meta.created });
  expect(headers.get('etag')).toBe('W/"2"');
  expect((await client.get(`/Users/${made.id}`)).body).toEqual(body);
});

test('R-261: PUT of an unknown id is 404 and creates nothing', async () => {
  const userName = newName();
  expectError(await client.put(`/Users/${nobody}`, { userName }), 404);
  expect((await client.find('/Users', `userName eq "${userName}"`)).body.totalResults).toBe(0);
});

test.each<[string, Record<string, unknown>]>([
  ['R-262: left out', {}],
  ['R-263: null', { title: null, name: null, emails: null, [enterprise]: null, [muster]: null, externalId: null }],
  ['R-263: empty', { title: '', name: {}, emails: [], [enterprise]: {}, [muster]: {}, externalId: '' }],
])('%s is cleared', async (_how, attributes) => {
  const made = await client.makeUser({ ...full(), externalId: newName() });
  const { body } = await client.put(`/Users/${made.id}`, { userName: made.userName, ...attributes });
  expect(Object.keys(body).sort()).toEqual(['active', 'id', 'meta', 'schemas', 'userName']);
});

test('R-262: without active it stays under lenient and becomes true under rfc', async () => {
  const made = await client.makeUser({ active: false });
  const sent = { schemas: [core], userName: made.userName };
  expect((await client.put(`/Users/${made.id}`, sent)).body.active).toBe(false);
  expect((await scim.rfc.put(`/Users/${made.id}`, sent)).body.active).toBe(true);
});

test('R-262: the externalId of another connection stays', async () => {
  const second = await scim.connect();
  const made = await client.makeUser({ externalId: 'mine' });
  const { body } = await second.put(`/Users/${made.id}`, { userName: made.userName, externalId: 'theirs' });
  expect(body.externalId).toBe('theirs');
  expect((await client.get(`/Users/${made.id}`)).body.externalId).toBe('mine');
});

test('R-264, V-1: an echo of everything, with another id, meta and groups, changes only the resource of the path', async () => {
  const other = await client.makeUser();
  const made = await client.makeUser(full());
  const group = await client.makeGroup([made.id]);
  const echo = (await client.get(`/Users/${made.id}`)).body;
  const sent = { ...echo, id: other.id, meta: other.meta, groups: [], title: 'changed' };
  const { status, body } = await client.put(`/Users/${made.id}`, sent);
  expect([status, body.id, body.title]).toEqual([200, made.id, 'changed']);
  expect(body.groups).toEqual(echo.groups);
  expect((await client.get(`/Users/${other.id}`)).body).toEqual(other);
  const echoed = (await client.get(`/Groups/${group.id}`)).body;
  const members = [{ ...echoed.members[0], display: 'Mallory', type: 'Group' }];
  expect((await client.put(`/Groups/${group.id}`, { ...echoed, members })).body).toEqual(echoed);
});

test('R-265: an immutable attribute with another value is 400 mutability', async () => {
  const made = await client.makeUser({ [muster]: { role: 'worker' } });
  const sent = { userName: made.userName, [muster]: { role: 'boss' } };
  expectError(await client.put(`/Users/${made.id}`, sent), 400, 'mutability');
  expect((await client.put(`/Users/${made.id}`, { userName: made.userName })).body[muster]).toEqual({ role: 'worker' });
});

test('R-266: without what is required it is 400', async () => {
  const made = await client.makeUser(full());
  expectError(await client.put(`/Users/${made.id}`, { schemas: [core], title: 'y' }), 400, 'invalidValue');
  const group = await client.makeGroup();
  expectError(await client.put(`/Groups/${group.id}`, { schemas: [coreGroup] }), 400, 'invalidValue');
  expect((await client.get(`/Users/${made.id}`)).body).toEqual(made);
});

test('R-267: the body needs no id', async () => {
  const made = await client.makeUser();
  expect((await client.put(`/Users/${made.id}`, { schemas: [core], userName: newName() })).body.id).toBe(made.id);
});

test('R-268: the name of another is 409 uniqueness', async () => {
  const [one, other] = [await client.makeUser(), await client.makeUser()];
  expectError(await client.put(`/Users/${one.id}`, { userName: other.userName }), 409, 'uniqueness');
});

describe('groups', () => {
  test('R-269: a list of members is replaced, and who stays keeps his row', async () => {
    const [one, two, three] = [await client.makeUser(), await client.makeUser(), await client.makeUser()];
    const group = await client.makeGroup([one.id, two.id]);
    const rows = () =>
      withClient(scim.muster.database.connection, async (db) => {
        const found = await db.query('select member, ctid, xmin from group_member where group_id = $1', [group.id]);
        return new Map(found.rows.map((row) => [row.member, `${row.ctid} ${row.xmin}`]));
      });
    const before = await rows();
    const sent = { displayName: group.displayName, members: [{ value: three.id }, { value: two.id }] };
    const { body } = await client.put(`/Groups/${group.id}`, sent);
    expect(body.members.map(({ value }: { value: string }) => value)).toEqual([two.id, three.id]);
    const after = await rows();
    expect(after.get(two.id)).toBe(before.get(two.id));
    expect([...after.keys()].sort()).toEqual([two.id, three.id].sort());
  });

  test.each([{}, { members: [] }, { members: null }])('R-262, R-263: with %j the group is empty', async (members) => {
    const group = await client.makeGroup([(await client.makeUser()).id]);
    const { body } = await client.put(`/Groups/${group.id}`, { displayName: group.displayName, ...members });
    expect(body).not.toHaveProperty('members');
  });
});

test('R-270: PUT of what was read changes nothing: no version, no time, no entry', async () => {
  const boss = await client.makeUser();
  const made = await client.makeUser({
    ...full(),
    externalId: 'x',
    [enterprise]: { department: 'Tooling', manager: { value: boss.id } },
  });
  const group = await client.makeGroup([made.id, boss.id]);
  const entries = () =>
    withClient(scim.muster.database.connection, async (db) => (await db.query('select count(*) from journal')).rows[0]);
  const before = await entries();
  for (const path of [`/Users/${made.id}`, `/Groups/${group.id}`]) {
    const { body } = await client.get(path);
    const put = await client.put(path, body);
    expect([put.status, put.body]).toEqual([200, body]);
  }
  expect(await entries()).toEqual(before);
});
