import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { revokeConnection } from '#operations/revoke-connection.ts';
import { withClient } from '#test/support/with-client.ts';
import { type Client, expectError, newName, nobody, type Scim, startScim } from './scim-client.ts';

let scim: Scim;
let client: Client;

beforeAll(async () => {
  scim = await startScim();
  client = scim.lenient;
});
afterAll(() => scim.stop());

const at = (path: string, init: RequestInit = {}) => fetch(`${scim.muster.server.url}${path}`, init);
const bearer = (token = client.token) => ({ Authorization: `Bearer ${token}` });

describe('media types', () => {
  test.each([
    ['R-001', 'application/scim+json'],
    ['R-002', 'application/json'],
    ['R-002', '*/*'],
    ['R-002', undefined],
  ])('%s: Accept %s is answered as application/scim+json', async (_id, accept) => {
    const { id } = await client.makeUser({ displayName: 'Zoë 東京' });
    const answer = await client.get(`/Users/${id}`, accept === undefined ? {} : { Accept: accept });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/scim+json');
    expect(answer.body.displayName).toBe('Zoë 東京');
  });

  const accepted = [
    'application/scim+json',
    'application/scim+json; charset=utf-8',
    'application/json',
    'application/json; charset=utf-8',
    'Application/SCIM+JSON;Charset="UTF-8"',
  ];
  test.each(accepted)('R-003: POST, PUT and PATCH take a body of type %s', async (type) => {
    const headers = { 'Content-Type': type };
    const created = await client.post('/Users', { userName: newName() }, headers);
    expect(created.status).toBe(201);
    const path = `/Users/${created.body.id}`;
    expect((await client.put(path, { userName: newName() }, headers)).status).toBe(200);
    expect((await client.patch(path, [{ op: 'add', path: 'title', value: 'x' }], headers)).status).toBe(200);
  });

  test.each<[string, string | Uint8Array]>([
    ['is not UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d])],
    ['is not JSON', '{"userName": '],
    ['is empty', ''],
    ['is a list', '[{"userName":"x"}]'],
    ['is text', '"userName"'],
    ['is null', 'null'],
    ['is a number', '7'],
  ])('R-004: a body that %s is 400 invalidSyntax', async (_form, body) => {
    const { id } = await client.makeUser();
    expectError(await client.post('/Users', body), 400, 'invalidSyntax');
    expectError(await client.put(`/Users/${id}`, body), 400, 'invalidSyntax');
    expectError(await scim.muster.send(client.token, 'PATCH', `/Users/${id}`, body), 400, 'invalidSyntax');
  });

  test.each(['text/xml', 'multipart/form-data; boundary=x', 'application/scim+json; charset=utf-16', 'x'])(
    'R-005: a body of type %s is 415',
    async (type) => {
      expectError(await client.post('/Users', { userName: newName() }, { 'Content-Type': type }), 415);
    },
  );
});

describe('credentials', () => {
  test('R-006: a request without credentials is 401 and says which scheme there is', async () => {
    const answer = await scim.muster.send(undefined, 'GET', '/Users');
    expectError(answer, 401);
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer /);
  });

  test.each<[string, string, unknown]>([
    ['POST', '/Users', { userName: 'forbidden' }],
    ['PUT', '/Users/:id', { userName: 'forbidden' }],
    ['PATCH', '/Users/:id', { Operations: [{ op: 'replace', path: 'title', value: 'x' }] }],
    ['DELETE', '/Users/:id', undefined],
    ['POST', '/Groups', { displayName: 'forbidden' }],
    ['PATCH', '/Groups/:group', { Operations: [{ op: 'remove', path: 'members' }] }],
  ])('R-007: %s %s with a token that may only read is 403 and changes nothing', async (method, path, body) => {
    const reader = await scim.connect({ rights: ['read'] });
    const user = await client.makeUser();
    const group = await client.makeGroup([user.id]);
    const real = path.replace(':id', user.id).replace(':group', group.id);
    const answer = await scim.muster.send(reader.token, method, real, body);
    expectError(answer, 403);
    expect(answer.headers.get('www-authenticate')).toContain('error="insufficient_scope"');
    expect((await client.get(`/Users/${user.id}`)).body.meta).toEqual(user.meta);
    expect((await client.get(`/Groups/${group.id}`)).body.meta).toEqual(group.meta);
    expect((await client.find('/Users', 'userName eq "forbidden"')).body.totalResults).toBe(0);
    expect((await client.find('/Groups', 'displayName eq "forbidden"')).body.totalResults).toBe(0);
  });

  test('R-007: a token that may only write cannot read', async () => {
    const writer = await scim.connect({ rights: ['write'] });
    const { id } = await client.makeUser();
    expectError(await writer.get('/Users'), 403);
    expectError(await writer.get(`/Users/${id}`), 403);
  });

  test('R-008, R-010: expired, revoked, unknown and foreign credentials are all 401 with the same body', async () => {
    const expired = await scim.connect({ name: 'expired' });
    const revoked = await scim.connect({ name: 'revoked' });
    expect((await expired.get('/Users')).status).toBe(200);
    await withClient(scim.muster.database.connection, (db) =>
      db.query(
        `update credential set expires_at = now() where connection = (select id from connection where name = 'expired')`,
      ),
    );
    await revokeConnection(await scim.muster.admin(), scim.muster.db, 'revoked');
    const unknown = `${client.token.slice(0, -1)}${client.token.endsWith('a') ? 'b' : 'a'}`;
    const values = [
      `Bearer ${expired.token}`,
      `Bearer ${revoked.token}`,
      `Bearer ${unknown}`,
      `Bearer ${client.token}x`,
      'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.',
      `Basic ${Buffer.from(`x:${client.token}`).toString('base64')}`,
      client.token,
    ];
    const answers = await Promise.all(
      values.map((Authorization) => at('/scim/v2/Users', { headers: { Authorization } })),
    );
    const bodies = await Promise.all(answers.map((answer) => answer.text()));
    expect(answers.map(({ status }) => status)).toEqual(values.map(() => 401));
    expect(new Set(bodies).size).toBe(1);
    for (const answer of answers) expect(answer.headers.get('www-authenticate')).toContain('error="invalid_token"');
  });

  test('R-008: the name of the scheme has no case', async () => {
    for (const scheme of ['bearer', 'BEARER', 'Bearer ']) {
      expect((await at('/scim/v2/Users', { headers: { Authorization: `${scheme} ${client.token}` } })).status).toBe(
        200,
      );
    }
  });
});

describe('paths and methods', () => {
  test.each(['?aadOptscim062020', '?x=1&y=2', '?', '?&', '?foo', '?%66oo=bar&'])(
    'R-014, R-032: the unknown query %s is ignored',
    async (query) => {
      const { id } = await client.makeUser();
      expect((await client.get(`/Users/${id}${query}`)).body.id).toBe(id);
      expect((await client.post(`/Users${query}`, { userName: newName() })).status).toBe(201);
    },
  );

  test.each<[string, string, readonly string[]]>([
    ['POST', '/Schemas', ['GET', 'HEAD', 'OPTIONS']],
    ['DELETE', '/Users', ['GET', 'HEAD', 'POST', 'OPTIONS']],
    ['PUT', '/Groups', ['GET', 'HEAD', 'POST', 'OPTIONS']],
    ['POST', `/Users/${nobody}`, ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']],
    ['PATCH', '/ServiceProviderConfig', ['GET', 'HEAD', 'OPTIONS']],
  ])('R-015: %s %s is 405 with the methods that the path has', async (method, path, allow) => {
    const answer = await scim.muster.send(client.token, method, path, {});
    expectError(answer, 405);
    expect(answer.headers.get('allow')).toBe(allow.join(', '));
  });

  test.each(['/Nothing', '/Users/x/y', '/users', '/Users.json', '/Schemas/x/y', '/%2e%2e/metrics'])(
    'R-016: the unknown path %s is 404 in SCIM JSON',
    async (path) => expectError(await client.get(path), 404),
  );

  test.each(['/Users/', '/Users?', '/Users/?', '//Users', '/Users//', '/Users?&', '/Users/?filter=', '/./Users'])(
    'R-017: %s is handled as the plain path',
    async (path) => {
      const answer = await client.get(path);
      expect(answer.status).toBe(200);
      expect(answer.body.totalResults).toBeGreaterThan(0);
    },
  );

  test('R-018: an escaped path segment is the same path, with the same authentication', async () => {
    expect((await client.get('/%55sers')).status).toBe(200);
    expectError(await scim.muster.send(undefined, 'GET', '/%55sers'), 401);
    expectError(await scim.muster.send(undefined, 'GET', '/%53erviceProviderConfig%2fUsers'), 401);
    expectError(await client.get('/Users%2f'), 404);
  });

  test.each(['/Users', '/Groups/x', '/ServiceProviderConfig', '/Nothing'])('R-021: OPTIONS %s is 204', async (path) => {
    const answer = await at(`/scim/v2${path}`, { method: 'OPTIONS' });
    expect([answer.status, await answer.text()]).toEqual([204, '']);
  });

  test('R-022: the path without a version is the same server', async () => {
    const { id } = await client.makeUser();
    const plain = await at(`/scim/Users/${id}`, { headers: bearer() });
    expect(await plain.json()).toEqual((await client.get(`/Users/${id}`)).body);
    expect((await at('/scim/Users')).status).toBe(401);
  });

  test('R-022: there is no version 1', async () => {
    const answer = await at('/scim/v1/Users', { headers: bearer() });
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toBe('application/scim+json');
  });
});
