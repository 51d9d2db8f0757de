import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withClient } from '#test/support/with-client.ts';
import {
  type Client,
  expectError,
  listResponse,
  newName,
  nobody,
  type Operation,
  patchOp,
  type Scim,
  startScim,
} from './scim-client.ts';

let scim: Scim;
let client: Client;

beforeAll(async () => {
  scim = await startScim();
  client = scim.lenient;
});
afterAll(() => scim.stop());

const send = (one: Client, path: string, body: unknown) => scim.muster.send(one.token, 'PATCH', path, body);
const title = (value: unknown, op = 'replace'): Operation => ({ op, path: 'title', value });

async function makePath(): Promise<string> {
  return `/Users/${(await client.makeUser({ title: 'before' })).id}`;
}

describe('the message', () => {
  test('R-280: without schemas it is accepted under lenient and 400 under rfc', async () => {
    const path = await makePath();
    const { status, body } = await send(client, path, { Operations: [title('x')] });
    expect([status, body.title]).toEqual([200, 'x']);
    expectError(await send(scim.rfc, path, { Operations: [title('y')] }), 400, 'invalidSyntax');
    expect((await client.get(path)).body.title).toBe('x');
  });

  test.each([[[listResponse]], [[]], [patchOp], [null]])('R-280: with the schemas %j it is 400', async (schemas) => {
    const path = await makePath();
    const body = { schemas, Operations: [title('x')] };
    for (const one of [client, scim.rfc]) expectError(await send(one, path, body), 400, 'invalidSyntax');
  });

  test('R-280: its URN has no case', async () => {
    const { status } = await send(scim.rfc, await makePath(), {
      schemas: [patchOp.toUpperCase()],
      Operations: [title('x')],
    });
    expect(status).toBe(200);
  });

  test.each([undefined, null, {}, 'x', 1])('R-281: Operations %j is 400 invalidSyntax', async (Operations) => {
    const path = await makePath();
    for (const one of [client, scim.rfc]) {
      expectError(await send(one, path, { schemas: [patchOp], Operations }), 400, 'invalidSyntax');
    }
  });

  test.each([null, 'x', 1, [[]]])('R-281: the operation %j is 400 invalidSyntax', async (operation) => {
    expectError(await send(client, await makePath(), { Operations: [title('x'), operation] }), 400, 'invalidSyntax');
  });

  test('R-281: empty Operations change nothing under lenient and are 400 under rfc', async () => {
    const path = await makePath();
    const { status, body } = await client.patch(path, []);
    expect([status, body.meta.version]).toEqual([200, 'W/"1"']);
    expectError(await scim.rfc.patch(path, []), 400, 'invalidSyntax');
  });

  test('R-282: the names of its members have no case', async () => {
    const { body } = await send(scim.rfc, await makePath(), {
      SCHEMAS: [patchOp],
      operations: [{ OP: 'replace', Path: 'title', VALUE: 'x' }],
    });
    expect(body.title).toBe('x');
  });

  test.each(['Replace', 'REPLACE', 'Add', 'aDD'])('R-283: op %s is understood', async (op) => {
    expect((await scim.rfc.patch(await makePath(), [title('x', op)])).body.title).toBe('x');
  });

  test.each([{ op: 'move' }, { op: '' }, { op: null }, { op: 1 }, {}])('R-283: %j is 400 invalidSyntax', async (op) => {
    const path = await makePath();
    expectError(await client.patch(path, [{ path: 'title', value: 'x', ...op }]), 400, 'invalidSyntax');
    expect((await client.get(path)).body.title).toBe('before');
  });
});

describe('what a PATCH does as a whole', () => {
  const bad: readonly (readonly [string, Operation, string])[] = [
    ['a bad path', { op: 'add', path: 'emails[', value: 'x' }, 'invalidPath'],
    ['a bad value', { op: 'add', path: 'active', value: 'maybe' }, 'invalidValue'],
    ['a read-only path', { op: 'add', path: 'id', value: 'x' }, 'mutability'],
    ['a remove of what is required', { op: 'remove', path: 'userName' }, 'mutability'],
    ['a remove without a path', { op: 'remove' }, 'noTarget'],
  ];
  test.each(bad)('R-284: %s in the middle undoes all of it', async (_what, operation, scimType) => {
    const path = await makePath();
    const before = (await client.get(path)).body;
    const operations = [title('x'), operation, { op: 'add', path: 'nickName', value: 'y' }];
    expectError(await client.patch(path, operations), 400, scimType);
    expect((await client.get(path)).body).toEqual(before);
  });

  test('R-284: a member that does not exist undoes the rest under rfc, and is left out under lenient', async () => {
    const user = await client.makeUser();
    const group = await client.makeGroup();
    const operations = [
      { op: 'add', path: 'members', value: [{ value: user.id }] },
      { op: 'replace', path: 'displayName', value: newName() },
      { op: 'add', path: 'members', value: [{ value: nobody }] },
    ];
    expectError(await scim.rfc.patch(`/Groups/${group.id}`, operations), 400, 'invalidValue');
    expect((await client.get(`/Groups/${group.id}`)).body).toEqual(group);
    expect((await client.patch(`/Groups/${group.id}`, operations)).status).toBe(204);
    expect((await client.get(`/Groups/${group.id}`)).body.members).toHaveLength(1);
    expect(scim.muster.logged()).toContain(nobody);
  });

  test('R-285: every operation sees what the one before it did', async () => {
    const { body } = await client.patch(await makePath(), [
      { op: 'remove', path: 'title' },
      { op: 'add', path: 'emails', value: [{ value: 'a@b', type: 'work' }] },
      { op: 'replace', path: 'emails[type eq "work"].value', value: 'c@d' },
      { op: 'add', path: 'title', value: 'x' },
      { op: 'replace', path: 'title', value: 'y' },
    ]);
    expect([body.title, body.emails]).toEqual(['y', [{ value: 'c@d', type: 'work' }]]);
  });

  test('R-285: so do operations on members', async () => {
    const [one, two] = [await client.makeUser(), await client.makeUser()];
    const group = await client.makeGroup([one.id]);
    await client.patch(`/Groups/${group.id}`, [
      { op: 'remove', path: 'members' },
      { op: 'add', path: 'members', value: [{ value: two.id }, { value: one.id }] },
      { op: 'remove', path: `members[value eq "${one.id}"]` },
    ]);
    const { members } = (await client.get(`/Groups/${group.id}`)).body;
    expect(members.map(({ value }: { value: string }) => value)).toEqual([two.id]);
  });

  test('R-286: a user is answered with himself, a group with 204 under lenient and with itself under rfc', async () => {
    const path = await makePath();
    expect((await client.patch(path, [title('x')])).body.title).toBe('x');
    const { id } = await client.makeGroup();
    const rename = () => [{ op: 'replace', path: 'displayName', value: newName() }];
    const silent = await client.patch(`/Groups/${id}`, rename());
    expect([silent.status, silent.body, silent.headers.get('etag')]).toEqual([204, '', 'W/"2"']);
    const told = await scim.rfc.patch(`/Groups/${id}`, rename());
    expect([told.status, told.body.meta.version]).toEqual([200, 'W/"3"']);
    const asked = await client.patch(`/Groups/${id}?attributes=displayName`, rename());
    expect([asked.status, Object.keys(asked.body).sort()]).toEqual([200, ['displayName', 'id', 'schemas']]);
  });

  test('R-287: what changes nothing succeeds and leaves version, time and journal as they were', async () => {
    const user = await client.makeUser({ title: 'x', emails: [{ value: 'a@b', type: 'work', primary: true }] });
    const group = await client.makeGroup([user.id]);
    const before = await Promise.all([`/Users/${user.id}`, `/Groups/${group.id}`].map((path) => client.get(path)));
    const entries = () =>
      withClient(scim.muster.database.connection, async (db) => (await db.query('select count(*) from journal')).rows);
    const count = await entries();
    const nothing: readonly (readonly [string, Operation])[] = [
      [`/Users/${user.id}`, title('x')],
      [`/Users/${user.id}`, { op: 'add', path: 'emails', value: [{ value: 'a@b', type: 'work', primary: true }] }],
      [`/Users/${user.id}`, { op: 'remove', path: 'nickName' }],
      [`/Users/${user.id}`, { op: 'remove', path: 'emails[type eq "home"]' }],
      [`/Groups/${group.id}`, { op: 'add', path: 'members', value: [{ value: user.id }] }],
      [`/Groups/${group.id}`, { op: 'replace', path: 'members', value: [{ value: user.id }] }],
      [`/Groups/${group.id}`, { op: 'remove', path: `members[value eq "${nobody}"]` }],
      [`/Groups/${group.id}`, { op: 'replace', path: 'displayName', value: group.displayName }],
    ];
    for (const [path, operation] of nothing) {
      expect((await client.patch(path, [operation])).status, JSON.stringify(operation)).toBeLessThan(300);
    }
    const after = await Promise.all([`/Users/${user.id}`, `/Groups/${group.id}`].map((path) => client.get(path)));
    expect(after.map(({ body }) => body)).toEqual(before.map(({ body }) => body));
    expect(await entries()).toEqual(count);
  });

  test('R-288: a thousand operations, and ten thousand members in one value', async () => {
    const operations = Array.from({ length: 1000 }, (_, n) => title(`title ${n}`));
    expect((await client.patch(await makePath(), operations)).body.title).toBe('title 999');
    const user = await client.makeUser();
    const group = await client.makeGroup();
    const ids = Array.from({ length: 9_999 }, (_, n) => nobody.replace(/.{5}$/, String(10_000 + n)));
    const value = [...ids, user.id].map((id) => ({ value: id }));
    expect((await client.patch(`/Groups/${group.id}`, [{ op: 'add', path: 'members', value }])).status).toBe(204);
    expect((await client.get(`/Groups/${group.id}`)).body.members).toHaveLength(1);
  });

  test('R-325: the userName of another is 409', async () => {
    const { userName } = await client.makeUser();
    expectError(
      await client.patch(await makePath(), [{ op: 'replace', path: 'userName', value: userName }]),
      409,
      'uniqueness',
    );
  });

  test('R-327: a deleted user is 404, a group too', async () => {
    const path = await makePath();
    await client.delete(path);
    expectError(await client.patch(path, [title('x')]), 404);
    expectError(await client.patch(`/Groups/${nobody}`, [{ op: 'add', path: 'members', value: [] }]), 404);
  });

  test('R-328: who is deactivated stays readable, with his name, his groups and his id', async () => {
    const user = await client.makeUser();
    const group = await client.makeGroup([user.id]);
    expect((await client.patch(`/Users/${user.id}`, [{ op: 'replace', value: { active: false } }])).body.active).toBe(
      false,
    );
    const { body } = await client.get(`/Users/${user.id}`);
    expect(body).toMatchObject({ active: false, userName: user.userName, groups: [{ value: group.id }] });
    expect((await client.find('/Users', `userName eq "${user.userName}"`)).body.totalResults).toBe(1);
  });
});
