import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commandCaller } from '#commands/command-caller.ts';
import { createTenant } from '#operations/create-tenant.ts';
import { type Client, expectError, newName, nobody, type Scim, startScim } from './scim-client.ts';
import { core, enterprise } from './urns.ts';

let scim: Scim;
let client: Client;

beforeAll(async () => {
  scim = await startScim();
  client = scim.lenient;
});
afterAll(() => scim.stop());

const title = (value: string) => [{ op: 'replace', path: 'title', value }];

test('R-390: the ETag is weak and the same as meta.version, in every answer that has a resource', async () => {
  const created = await client.post('/Users', { userName: newName() });
  const path = `/Users/${created.body.id}`;
  const answers = [
    created,
    await client.get(path),
    await client.patch(path, title('x')),
    await client.put(path, created.body),
  ];
  expect(answers.map(({ headers }) => headers.get('etag'))).toEqual(['W/"1"', 'W/"1"', 'W/"2"', 'W/"3"']);
  for (const { headers, body } of answers) expect(headers.get('etag')).toBe(body.meta.version);
});

describe('R-391: If-None-Match', () => {
  test.each([
    ['W/"1"', 304],
    ['"1"', 304],
    ['*', 304],
    ['W/"7", W/"1"', 304],
    ['W/"2"', 200],
    ['"something"', 200],
  ])('%s is %d', async (tag, status) => {
    const user = await client.makeUser();
    const group = await client.makeGroup();
    for (const path of [`/Users/${user.id}`, `/Groups/${group.id}`]) {
      const answer = await client.get(path, { 'If-None-Match': tag });
      expect(answer.status).toBe(status);
      expect(answer.headers.get('etag')).toBe('W/"1"');
      if (status === 304) expect(answer.body).toBe('');
    }
  });

  test('what is no entity tag is 400', async () => {
    const { id } = await client.makeUser();
    expectError(await client.get(`/Users/${id}`, { 'If-None-Match': 'W/1' }), 400, 'invalidValue');
  });
});

describe('R-392: If-Match', () => {
  const rows = [
    ['W/"1"', true],
    ['"1"', true],
    ['*', true],
    ['W/"9", W/"1"', true],
    ['W/"2"', false],
    ['"something"', false],
  ] as const;
  test.each(rows)('%s: PUT, PATCH and DELETE happen: %s', async (tag, happens) => {
    const headers = { 'If-Match': tag };
    const make = async () => {
      const user = await client.makeUser();
      const group = await client.makeGroup([user.id]);
      return { user, group, paths: [`/Groups/${group.id}`, `/Users/${user.id}`] };
    };
    const writes = [
      (path: string, named: object) => client.put(path, { ...named, externalId: 'x' }, headers),
      (path: string) => client.patch(path, [{ op: 'add', path: 'externalId', value: 'x' }], headers),
      (path: string) => client.delete(path, headers),
    ];
    for (const write of writes) {
      const { user, group, paths } = await make();
      const named = { userName: user.userName, displayName: group.displayName };
      for (const path of paths) {
        const answer = await write(path, named);
        if (happens) expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
        else expectError(answer, 412);
      }
      if (!happens) {
        expect((await client.get(`/Users/${user.id}`)).body.meta.version).toBe('W/"1"');
        expect((await client.get(`/Groups/${group.id}`)).body).toEqual(group);
      }
    }
  });

  test('a change of members alone heeds it too', async () => {
    const user = await client.makeUser();
    const group = await client.makeGroup();
    const operations = [{ op: 'add', path: 'members', value: [{ value: user.id }] }];
    expectError(await client.patch(`/Groups/${group.id}`, operations, { 'If-Match': 'W/"2"' }), 412);
    expect((await client.patch(`/Groups/${group.id}`, operations, { 'If-Match': 'W/"1"' })).status).toBe(204);
    expectError(
      await client.patch(`/Groups/${group.id}`, [{ op: 'remove', path: 'members' }], { 'If-Match': 'W/"1"' }),
      412,
    );
  });

  test('what is no entity tag is 400, and nobody unknown is 404', async () => {
    const { id } = await client.makeUser();
    expectError(await client.patch(`/Users/${id}`, title('x'), { 'If-Match': '1' }), 400, 'invalidValue');
    expectError(await client.patch(`/Users/${nobody}`, title('x'), { 'If-Match': 'W/"1"' }), 404);
  });
});

test('R-394: of writers with the same tag exactly one wins, whatever they write', async () => {
  const user = await client.makeUser();
  const group = await client.makeGroup();
  const headers = { 'If-Match': 'W/"1"' };
  const patches = (path: string, attribute: string) =>
    Array.from({ length: 12 }, (_, n) =>
      client.patch(path, [{ op: 'replace', path: attribute, value: `value ${n}` }], headers),
    );
  for (const [path, attribute] of [
    [`/Users/${user.id}`, 'title'],
    [`/Groups/${group.id}`, 'displayName'],
  ] as const) {
    const statuses = (await Promise.all(patches(path, attribute))).map(({ status }) => status);
    expect(statuses.filter((status) => status < 300)).toHaveLength(1);
    expect(statuses.filter((status) => status === 412)).toHaveLength(11);
    expect((await client.get(path)).body.meta.version).toBe('W/"2"');
  }
});

test('R-395: the ETag does not depend on what is shown', async () => {
  const { id } = await client.makeUser({ title: 'x' });
  for (const query of ['', '?attributes=title', '?excludedAttributes=title', '?attributes=groups']) {
    expect((await client.get(`/Users/${id}${query}`)).headers.get('etag')).toBe('W/"1"');
  }
});

describe('R-397, R-398: every scimType there is', () => {
  const rows: readonly (readonly [string, number, (user: { id: string; userName: string }) => Promise<unknown>])[] = [
    ['invalidFilter', 400, () => client.find('/Users', '(')],
    ['uniqueness', 409, ({ userName }) => client.post('/Users', { userName })],
    ['mutability', 400, ({ id }) => client.patch(`/Users/${id}`, [{ op: 'remove', path: 'id' }])],
    ['invalidSyntax', 400, ({ id }) => client.patch(`/Users/${id}`, [{ op: 'x' }])],
    ['invalidPath', 400, ({ id }) => client.patch(`/Users/${id}`, [{ op: 'remove', path: '[' }])],
    ['noTarget', 400, ({ id }) => client.patch(`/Users/${id}`, [{ op: 'remove' }])],
    ['invalidValue', 400, () => client.post('/Users', { userName: '' })],
    ['sensitive', 403, () => client.find('/Users', 'password pr')],
  ];
  test.each(rows)('%s', async (scimType, status, ask) => {
    expectError((await ask(await client.makeUser())) as Parameters<typeof expectError>[0], status, scimType);
  });
});

test('R-400: what another tenant has is answered like what nobody has, byte by byte', async () => {
  await createTenant(commandCaller(), scim.muster.db, 'acme');
  const theirs = await scim.connect({ tenant: 'acme' });
  const strict = await scim.connect({ profile: 'rfc' });
  const user = await theirs.makeUser({ externalId: 'theirs', title: 'theirs' });
  const group = await theirs.makeGroup([user.id]);
  const state = async () => [(await theirs.get('/Users')).body, (await theirs.get('/Groups')).body];
  const before = await state();
  const mine = await client.makeGroup();
  const me = await client.makeUser();
  const asks: readonly ((id: string, other: string) => Promise<unknown>)[] = [
    (id) => client.get(`/Users/${id}`),
    (_id, other) => client.get(`/Groups/${other}`),
    (id) => client.put(`/Users/${id}`, { userName: 'x' }),
    (_id, other) => client.put(`/Groups/${other}`, { displayName: 'x' }),
    (id) => client.patch(`/Users/${id}`, title('x')),
    (_id, other) => client.patch(`/Groups/${other}`, [{ op: 'remove', path: 'members' }]),
    (_id, other) => client.patch(`/Groups/${other}`, [{ op: 'replace', path: 'displayName', value: 'x' }]),
    (id) => client.delete(`/Users/${id}`),
    (_id, other) => client.delete(`/Groups/${other}`),
    (id) => client.get(`/Users/${id}`, { 'If-None-Match': '*' }),
    (id) => client.delete(`/Users/${id}`, { 'If-Match': 'W/"1"' }),
    (id) => client.find('/Users', `id eq "${id}"`),
    (_id, other) => client.find('/Users', `groups.value eq "${other}"`),
    (id) => client.find('/Groups', `members.value eq "${id}"`),
    (id) => client.find('/Users', `manager.value eq "${id}"`),
    (id) => client.patch(`/Groups/${mine.id}`, [{ op: 'add', path: 'members', value: [{ value: id }] }]),
    (id) => strict.patch(`/Groups/${mine.id}`, [{ op: 'add', path: 'members', value: [{ value: id }] }]),
    (_id, other) => strict.patch(`/Groups/${mine.id}`, [{ op: 'add', path: 'members', value: [{ value: other }] }]),
    (id) => client.patch(`/Users/${me.id}`, [{ op: 'add', path: `${enterprise}:manager`, value: { value: id } }]),
    (id) => strict.patch(`/Users/${me.id}`, [{ op: 'add', path: `${enterprise}:manager`, value: { value: id } }]),
    (id) =>
      strict.put(`/Users/${me.id}`, {
        schemas: [core],
        userName: me.userName,
        [enterprise]: { manager: { value: id } },
      }),
  ];
  const seen = (answer: unknown) => {
    const { status, headers, body } = answer as Awaited<ReturnType<Client['get']>>;
    const kept = [...headers].filter(([name]) => !['date', 'x-request-id'].includes(name));
    return JSON.stringify([status, kept, body]);
  };
  for (const ask of asks) {
    expect(seen(await ask(user.id, group.id)), String(ask)).toBe(seen(await ask(nobody, nobody)));
  }
  expect((await client.find('/Users', 'title eq "theirs" or externalId eq "theirs"')).body.totalResults).toBe(0);
  expect((await client.post('/Users', { userName: user.userName })).status).toBe(201);
  expect((await client.get(`/Groups/${mine.id}`)).body).toEqual(mine);
  expect(await state()).toEqual(before);
});
