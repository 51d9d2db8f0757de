import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Answer } from '#test/support/muster.ts';
import { withClient } from '#test/support/with-client.ts';
import { type Client, expectError, newName, type Scim, startScim } from './scim-client.ts';
import { core, enterprise, muster } from './urns.ts';

let scim: Scim;
let client: Client;
let user: Answer['body'];
let group: Answer['body'];

beforeAll(async () => {
  scim = await startScim();
  client = scim.lenient;
  const boss = await client.makeUser();
  const { id } = await client.makeUser({
    userName: 'ada',
    externalId: 'ext',
    title: 'Dr',
    name: { givenName: 'Ada', familyName: 'Lovelace' },
    emails: [{ value: 'a@example.org', type: 'work' }],
    [enterprise]: { department: 'Tooling', manager: { value: boss.id } },
    [muster]: { supervisor: true },
  });
  group = await client.makeGroup([id]);
  user = (await client.get(`/Users/${id}`)).body;
});
afterAll(() => scim.stop());

const always = () => ({ schemas: user.schemas, id: user.id });
const unescaped = (query: string) => query.replaceAll(' ', '%20').replaceAll('"', '%22');

describe('attributes', () => {
  const rows: readonly (readonly [string, string, () => object])[] = [
    ['R-220', 'userName', () => ({ userName: 'ada' })],
    ['R-220', 'userName,title', () => ({ userName: 'ada', title: 'Dr' })],
    ['R-220', 'externalId', () => ({ externalId: 'ext' })],
    ['R-220', 'meta.version', () => ({ meta: { version: user.meta.version } })],
    ['R-220', 'meta', () => ({ meta: user.meta })],
    ['R-220', 'groups', () => ({ groups: user.groups })],
    ['R-223', 'name.givenName', () => ({ name: { givenName: 'Ada' } })],
    ['R-223', 'name,name.givenName', () => ({ name: user.name })],
    ['R-223', 'emails.value', () => ({ emails: [{ value: 'a@example.org' }] })],
    ['R-223', `${core}:userName`, () => ({ userName: 'ada' })],
    ['R-223', `${enterprise}:department`, () => ({ [enterprise]: { department: 'Tooling' } })],
    ['R-223', enterprise, () => ({ [enterprise]: user[enterprise] })],
    ['R-223', 'USERNAME, Name.GivenName ,title', () => ({ userName: 'ada', name: { givenName: 'Ada' }, title: 'Dr' })],
    ['R-224', 'emails[type eq "work"]', () => ({ emails: user.emails })],
    ['R-224', 'emails[type eq "work"].value', () => ({ emails: [{ value: 'a@example.org' }] })],
    ['R-226', 'manager', () => ({ [enterprise]: { manager: user[enterprise].manager } })],
    ['R-226', 'department', () => ({ [enterprise]: { department: 'Tooling' } })],
    ['R-227', 'favouriteColour,userName,name.nick', () => ({ userName: 'ada' })],
    ['R-227', 'favouriteColour', () => ({})],
    ['R-099', 'title', () => ({ title: 'Dr' })],
    ['', '', () => ({})],
  ];
  test.each(rows)('%s: attributes=%s shows that and what is always shown', async (_id, names, shown) => {
    const { status, body } = await client.get(`/Users/${user.id}?attributes=${unescaped(names)}`);
    expect([status, body]).toEqual([200, { ...always(), ...shown() }]);
    const listed = await client.find('/Users', 'userName eq "ada"', `&attributes=${unescaped(names)}`);
    expect(listed.body.Resources).toEqual([{ ...always(), ...shown() }]);
  });

  test('R-220: POST, PUT and PATCH are projected too', async () => {
    const sent = { schemas: [core], userName: newName(), title: 'x' };
    const created = await client.post('/Users?attributes=title', sent);
    const shown = { schemas: [core], id: created.body.id, title: 'x' };
    const path = `/Users/${created.body.id}?attributes=title`;
    const patched = await client.patch(path, [{ op: 'add', path: 'nickName', value: 'y' }]);
    const replaced = await client.put(path, sent);
    expect([created.body, patched.body, replaced.body]).toEqual([shown, shown, shown]);
    const grouped = await client.patch(`/Groups/${group.id}?attributes=displayName`, [
      { op: 'add', path: 'members', value: [] },
    ]);
    expect(grouped.body).toEqual({ schemas: group.schemas, id: group.id, displayName: group.displayName });
  });
});

describe('excludedAttributes', () => {
  const rows: readonly (readonly [string, string, readonly string[]])[] = [
    ['R-221', 'title', ['title']],
    ['R-221', 'title,name,emails,groups', ['title', 'name', 'emails', 'groups']],
    ['R-097', 'id,schemas', []],
    ['R-221', 'meta', ['meta']],
    ['R-221', enterprise, [enterprise]],
    ['R-227', 'favouriteColour', []],
  ];
  test.each(rows)('%s: without %s everything else is there', async (_id, names, left) => {
    const { body } = await client.get(`/Users/${user.id}?excludedAttributes=${names}`);
    expect(body).toEqual(Object.fromEntries(Object.entries(user).filter(([name]) => !left.includes(name))));
  });

  test('R-221, R-223: a part can be left out', async () => {
    const { body } = await client.get(`/Users/${user.id}?excludedAttributes=name.givenName,department`);
    expect(body).toEqual({
      ...user,
      name: { familyName: 'Lovelace' },
      [enterprise]: { manager: user[enterprise].manager },
    });
  });

  test('R-225: members that nobody wants are not even read, in GET, list, PUT and PATCH', async () => {
    const { members: _members, ...without } = (await client.get(`/Groups/${group.id}`)).body;
    await withClient(scim.muster.database.connection, async (db) => {
      await db.query('begin');
      await db.query('lock table group_member in access exclusive mode');
      const query = 'excludedAttributes=members';
      expect((await client.get(`/Groups/${group.id}?${query}`)).body).toEqual(without);
      expect((await client.find('/Groups', `id eq "${group.id}"`, `&${query}`)).body.Resources).toEqual([without]);
      const shown = await client.get(`/Groups/${group.id}?attributes=displayName`);
      expect(shown.body.displayName).toBe(group.displayName);
      const rename = [{ op: 'replace', path: 'displayName', value: newName() }];
      expect((await client.patch(`/Groups/${group.id}`, rename)).status).toBe(204);
      expect((await client.get(`/Users/${user.id}?excludedAttributes=groups`)).status).toBe(200);
      await db.query('rollback');
    });
  });
});

test('R-222: attributes and excludedAttributes together are 400', async () => {
  const query = '?attributes=userName&excludedAttributes=title';
  expectError(await client.get(`/Users/${user.id}${query}`), 400, 'invalidValue');
  expectError(await client.get(`/Users${query}`), 400, 'invalidValue');
  const before = (await client.get('/Users')).body.totalResults;
  expectError(await client.post(`/Users${query}`, { userName: newName() }), 400, 'invalidValue');
  expect((await client.get('/Users')).body.totalResults).toBe(before);
});
