import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Client, coreGroup, expectError, newName, type Scim, startScim } from './scim-client.ts';
import { core, enterprise } from './urns.ts';

let scim: Scim;
let client: Client;

beforeAll(async () => {
  scim = await startScim();
  client = scim.lenient;
});
afterAll(() => scim.stop());

test('R-120: a minimal user is 201 with its location, its version and all of it', async () => {
  const userName = newName();
  const { status, headers, body } = await client.post('/Users', { schemas: [core], userName });
  expect(status).toBe(201);
  expect(body).toEqual({ schemas: [core], id: body.id, userName, active: true, meta: body.meta });
  expect(headers.get('location')).toBe(body.meta.location);
  expect(headers.get('etag')).toBe(body.meta.version);
  expect((await client.get(`/Users/${body.id}`)).body).toEqual(body);
});

test('R-121: a taken userName is 409 uniqueness and says which attribute, not which value', async () => {
  const { userName } = await client.makeUser();
  const answer = await client.post('/Users', { schemas: [core], userName: userName.toUpperCase() });
  expectError(answer, 409, 'uniqueness');
  expect(answer.body.detail).toContain('userName');
  expect(answer.body.detail.toLowerCase()).not.toContain(userName);
});

test('R-122, R-343: a name is free again after DELETE, for somebody with another id', async () => {
  const gone = await client.makeUser({ externalId: 'again' });
  await client.delete(`/Users/${gone.id}`);
  const { status, body } = await client.post('/Users', { userName: gone.userName, externalId: 'again' });
  expect(status).toBe(201);
  expect(body.id).not.toBe(gone.id);
});

test.each([
  ['attributes=userName', ['id', 'schemas', 'userName']],
  ['excludedAttributes=name,meta', ['active', 'id', 'schemas', 'title', 'userName']],
])('R-123: the answer to POST is projected by %s', async (query, names) => {
  const sent = { userName: newName(), title: 'x', name: { givenName: 'Ada' } };
  const { status, body } = await client.post(`/Users?${query}`, sent);
  expect([status, Object.keys(body).sort()]).toEqual([201, names]);
});

describe('R-124, R-125: schemas', () => {
  const forms: readonly [string, unknown][] = [
    ['no schemas', undefined],
    ['empty schemas', []],
    ['the schema of version 1', ['urn:scim:schemas:core:1.0']],
    ['the schema of another type', [coreGroup]],
    ['schemas as text', core],
  ];
  test.each(forms)('%s is taken from the endpoint under lenient and 400 under rfc', async (_form, schemas) => {
    const { status, body } = await client.post('/Users', { userName: newName(), schemas });
    expect([status, body.schemas]).toEqual([201, [core]]);
    const refused = { userName: newName(), schemas };
    expectError(await scim.rfc.post('/Users', refused), 400, 'invalidSyntax');
    expect((await client.find('/Users', `userName eq "${refused.userName}"`)).body.totalResults).toBe(0);
  });

  test('a foreign marker beside the schema is accepted and not echoed', async () => {
    const marker = 'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group';
    for (const one of [client, scim.rfc]) {
      const { status, body } = await one.post('/Groups', { schemas: [coreGroup, marker], displayName: newName() });
      expect([status, body.schemas]).toEqual([201, [coreGroup]]);
    }
  });
});

test('R-126: who is not said to be inactive is active', async () => {
  expect((await client.makeUser()).active).toBe(true);
  expect((await client.makeUser({ active: null })).active).toBe(true);
  expect((await client.makeUser({ active: false })).active).toBe(false);
});

test('R-127: of many creates of one name at once exactly one succeeds', async () => {
  const userName = newName();
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, n) => client.post('/Users', { schemas: [core], userName, title: `${n}` })),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 19 }, () => 409)]);
  expect((await client.find('/Users', `userName eq "${userName}"`)).body.totalResults).toBe(1);
});

test('R-128: a create that is sent again after a lost answer finds what it made', async () => {
  const sent = { schemas: [core], userName: newName(), externalId: newName() };
  const first = await client.post('/Users', sent);
  const second = await client.post('/Users', sent);
  expect([second.status, second.body]).toEqual([201, first.body]);
});

test('R-128: without an externalId, or with another body, it is 409 and found by a filter', async () => {
  const plain = { schemas: [core], userName: newName() };
  const { body } = await client.post('/Users', plain);
  expectError(await client.post('/Users', plain), 409, 'uniqueness');
  expect((await client.find('/Users', `userName eq "${plain.userName}"`)).body.Resources).toEqual([body]);
  const labelled = { ...plain, userName: newName(), externalId: newName() };
  await client.post('/Users', labelled);
  expectError(await client.post('/Users', { ...labelled, title: 'x' }), 409, 'uniqueness');
});

test('R-128: another connection’s repetition is 409', async () => {
  const sent = { schemas: [core], userName: newName(), externalId: newName() };
  await client.post('/Users', sent);
  expectError(await (await scim.connect()).post('/Users', sent), 409, 'uniqueness');
});

test('a create for somebody deactivated takes him back under lenient and is 409 under rfc', async () => {
  const sent = { schemas: [core], userName: newName(), externalId: newName() };
  const lenient = await client.post('/Users', { ...sent, active: false });
  const back = await client.post('/Users', { ...sent, title: 'x' });
  expect([back.status, back.body.id, back.body.active, back.body.title]).toEqual([201, lenient.body.id, true, 'x']);
  const strict = { ...sent, userName: newName() };
  await scim.rfc.post('/Users', { ...strict, active: false });
  expectError(await scim.rfc.post('/Users', { ...strict, title: 'x' }), 409, 'uniqueness');
});

test('R-129: a group is created with the members that exist', async () => {
  const [one, other] = [await client.makeUser(), await client.makeUser()];
  const { status, body } = await client.post('/Groups', {
    schemas: [coreGroup],
    displayName: newName(),
    members: [{ value: one.id }, { value: other.id }, { value: one.id.toUpperCase() }],
  });
  expect(status).toBe(201);
  expect(body.members.map(({ value }: { value: string }) => value)).toEqual([one.id, other.id]);
  expect((await client.get(`/Groups/${body.id}`)).body).toEqual(body);
});

test.each([{ members: null }, { members: [] }, {}])('R-129: a group is created with %j', async (attributes) => {
  const { status, body } = await client.post('/Groups', { displayName: newName(), ...attributes });
  expect(status).toBe(201);
  expect(body).not.toHaveProperty('members');
});

test('what is refused leaves nothing behind', async () => {
  const before = (await client.get('/Users')).body.totalResults;
  const sent = { schemas: [core], userName: newName(), [enterprise]: { manager: { value: 'nobody' } } };
  expectError(await scim.rfc.post('/Users', sent), 400, 'invalidValue');
  expect((await client.get('/Users')).body.totalResults).toBe(before);
});
