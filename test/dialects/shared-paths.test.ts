import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildAuthenticate } from '#access/authenticate.ts';
import { beginSession } from '#access/sessions.ts';
import { buildApp } from '#app.ts';
import { type SharedRequest, sharingRules } from '#dialects/shared-paths.ts';
import { defaultLimits } from '#http/limits.ts';
import { createPerson } from '#operations/create-person.ts';
import { openTestDatabase } from '#test/store/open-test-database.ts';
import { type Echo, makeEcho } from '#test/support/echo-dialect.ts';
import { type Muster, startMuster } from '#test/support/muster.ts';
import { waitUntil } from '#test/support/wait-until.ts';
import { withClient } from '#test/support/with-client.ts';
import { openRaw, sendRaw } from '../http/raw-socket.ts';
import { rules } from '../operations/open-roll.ts';

const good = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';
const dead = '3f2504e0-4f89-41d3-9a0c-0305e82c3302';
const objectId = '5f1d7f3e8a2b4c0012345678';
const digits = '123456789012345678901234';
const scimToken = `mst_${'0'.repeat(38)}`;

interface Facts {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: Readonly<Record<string, string>>;
  readonly query?: string;
  readonly body?: readonly string[];
}

/** What was asked that costs something: whether a token lives, and the body. */
const asked: string[] = [];

async function chosen({
  method = 'GET',
  path = '/api/user',
  headers = {},
  cookies = {},
  query = '',
  body = [],
}: Facts) {
  asked.length = 0;
  const request: SharedRequest = {
    ...{ method, path, cookies, query: new URLSearchParams(query) },
    header: (name) => headers[name],
    bodyNames: async () => {
      asked.push('body');
      return new Set(body);
    },
    isLive: async (api, token) => {
      asked.push(`${api} ${token}`);
      return token === good;
    },
  };
  return sharingRules[0]?.choose(request);
}

const bearer = (text: string) => ({ headers: { authorization: `Bearer ${text}` } });
const session = { 'x-metabase-session': dead };
const metabaseCookie = { 'metabase.SESSION': dead };

describe('6.1: /api/user of Metabase and Idealist, by the first rule that matches', () => {
  test.each<[string, Facts, string]>([
    ['current', { path: '/api/user/current' }, 'metabase'],
    ['recipients', { path: '/api/user/recipients' }, 'metabase'],
    ['a number', { path: '/api/user/17' }, 'metabase'],
    ['the password of a number', { path: '/api/user/17/password', method: 'PUT' }, 'metabase'],
    ['the reactivation of a number', { path: '/api/user/17/reactivate', method: 'PUT' }, 'metabase'],
    ['a modal of a number', { path: '/api/user/17/modal/qbnewb', method: 'PUT' }, 'metabase'],
    ['a number with a token of Idealist', { path: '/api/user/17', method: 'PUT', ...bearer(good) }, 'metabase'],
    ['a number, to delete it', { path: '/api/user/17', method: 'DELETE', ...bearer(good) }, 'metabase'],
    ['an ObjectId', { path: `/api/user/${objectId}` }, 'idealist'],
    ['an ObjectId in capitals', { path: `/api/user/${objectId.toUpperCase()}` }, 'idealist'],
    ['an ObjectId with a session of Metabase', { path: `/api/user/${objectId}`, headers: session }, 'idealist'],
    ['an ObjectId, to delete it', { path: `/api/user/${objectId}`, method: 'DELETE' }, 'idealist'],
    ['something below an ObjectId', { path: `/api/user/${objectId}/password` }, 'metabase'],
    ['a word', { path: '/api/user/abc' }, 'metabase'],
    ['a word with a token of Idealist', { path: '/api/user/abc', ...bearer(good) }, 'idealist'],
    ['24 digits', { path: `/api/user/${digits}` }, 'idealist'],
    ['24 digits with a query of Metabase', { path: `/api/user/${digits}`, query: 'status=all' }, 'idealist'],
    ['24 digits with a session of Metabase', { path: `/api/user/${digits}`, headers: session }, 'metabase'],
    ['24 digits with a token of Idealist', { path: `/api/user/${digits}`, ...bearer(good) }, 'idealist'],
    ['24 digits with both', { path: `/api/user/${digits}`, ...bearer(good), cookies: metabaseCookie }, 'idealist'],
    ['24 digits, to delete them', { path: `/api/user/${digits}`, method: 'DELETE', headers: session }, 'metabase'],
    ['25 digits', { path: `/api/user/${digits}5` }, 'metabase'],
    ['something below 24 digits', { path: `/api/user/${digits}/password` }, 'metabase'],
  ])('rule 1, the path: %s', async (_what, facts, expected) => {
    expect(await chosen(facts)).toBe(expected);
  });

  test.each<[string, Facts, string]>([
    ['a Bearer UUID', bearer(good), 'idealist'],
    ['a Bearer UUID in other letters', { headers: { authorization: `bearer  ${good} ` } }, 'idealist'],
    ['a persistent one', bearer(`persistent ${good}`), 'idealist'],
    ['one that nobody has', bearer(dead), 'idealist'],
    ['no UUID', bearer('abc'), 'idealist'],
    ['a Bearer header without a value', { headers: { authorization: 'Bearer' } }, 'idealist'],
    ['a token of SCIM', bearer(scimToken), 'idealist'],
    ['a cookie', { cookies: { session: good } }, 'idealist'],
    ['a cookie that nobody has', { cookies: { session: dead } }, 'idealist'],
    ['an empty cookie', { cookies: { session: '' } }, 'metabase'],
    ['a password', { headers: { authorization: 'Basic YWRhOng=' } }, 'metabase'],
    ['a Bearer UUID, with a query of Metabase', { ...bearer(good), query: 'status=all' }, 'idealist'],
    ['a Bearer UUID, to delete everybody', { ...bearer(good), method: 'DELETE' }, 'metabase'],
  ])('rule 2, a credential of Idealist: %s', async (_what, facts, expected) => {
    expect(await chosen(facts)).toBe(expected);
    expect(asked).toEqual([]);
  });

  test.each<[string, Facts]>([
    ['X-Metabase-Session', { headers: session }],
    ['X-API-Key', { headers: { 'x-api-key': 'mb_x' } }],
    ['the cookie of a session', { cookies: metabaseCookie }],
    ['the cookie of an embedded session', { cookies: { 'metabase.EMBEDDED_SESSION': dead } }],
  ])('rule 3, a credential of Metabase: %s', async (_what, facts) => {
    expect(await chosen({ ...facts, query: 'roles=["worker"]' })).toBe('metabase');
    expect(await chosen({ ...facts, method: 'POST', body: ['role'] })).toBe('metabase');
    expect(asked).toEqual([]);
  });

  test.each<[string, Facts, string]>([
    ['roles', { query: 'roles=["worker"]' }, 'idealist'],
    ['roles that are escaped', { query: 'roles=%5B%22worker%22%5D' }, 'idealist'],
    ['franchisees', { query: 'query=a&franchisees=[]' }, 'idealist'],
    ['status', { query: 'status=deactivated' }, 'metabase'],
    ['group_id', { query: 'group_id=1' }, 'metabase'],
    ['include_deactivated', { query: 'include_deactivated' }, 'metabase'],
    ['what both have', { query: 'query=a&limit=1' }, 'metabase'],
    ['a body with role alone', { method: 'POST', body: ['role', 'first_name'] }, 'idealist'],
    ['a body with email alone', { method: 'POST', body: ['email'] }, 'metabase'],
    ['a body with both', { method: 'POST', body: ['role', 'email'] }, 'metabase'],
    ['a body with neither', { method: 'POST', body: [] }, 'metabase'],
    ['role in the body of a PUT', { method: 'PUT', body: ['role'] }, 'metabase'],
  ])('rule 4, the query and the body: %s', async (_what, facts, expected) => {
    expect(await chosen(facts)).toBe(expected);
    expect(asked).toEqual(facts.method === 'POST' ? ['body'] : []);
  });

  test.each<[string, Facts]>([
    ['nothing at all', {}],
    ['the name of a browser alone', { cookies: { 'metabase.DEVICE': dead } }],
    ['the whole collection, to delete it', { method: 'DELETE' }],
    ['a preflight', { method: 'OPTIONS' }],
  ])('rule 5, %s: Metabase', async (_what, facts) => {
    expect(await chosen(facts)).toBe('metabase');
  });
});

describe('10: credentials of both', () => {
  test.each<[string, Facts, string, readonly string[]]>([
    ['a live token', { ...bearer(good), cookies: metabaseCookie }, 'idealist', [good]],
    ['a live persistent one', { ...bearer(`persistent ${good}`), cookies: metabaseCookie }, 'idealist', [good]],
    ['a dead token', { ...bearer(dead), cookies: metabaseCookie }, 'metabase', [dead]],
    ['a token of SCIM', { ...bearer(scimToken), cookies: metabaseCookie }, 'metabase', []],
    ['a live cookie', { cookies: { session: good, ...metabaseCookie } }, 'idealist', [good]],
    ['a live cookie and a header', { cookies: { session: good }, headers: session }, 'idealist', [good]],
    ['a dead cookie', { cookies: { session: dead, ...metabaseCookie } }, 'metabase', [dead]],
    ['a cookie of somebody else', { cookies: { session: 'eyJh', ...metabaseCookie } }, 'metabase', []],
    [
      'a dead token, a live cookie',
      { ...bearer(dead), cookies: { session: good, ...metabaseCookie } },
      'metabase',
      [dead],
    ],
  ])('%s', async (_what, facts, expected, tokens) => {
    expect(await chosen(facts)).toBe(expected);
    expect(asked).toEqual(tokens.map((token) => `idealist ${token}`));
  });
});

describe('6.2: /api/session', () => {
  test.each<[string, string, Facts, string]>([
    ['GET', '/api/session', {}, 'idealist'],
    ['HEAD', '/api/session', {}, 'idealist'],
    ['GET', '/api/session', { headers: session }, 'idealist'],
    ['POST', '/api/session', bearer(good), 'metabase'],
    ['DELETE', '/api/session', bearer(good), 'metabase'],
    ['GET', '/api/session/properties', bearer(good), 'metabase'],
    ['POST', '/api/session/forgot_password', {}, 'metabase'],
  ])('%s %s %j', async (method, path, facts, expected) => {
    expect(await chosen({ ...facts, method, path })).toBe(expected);
  });
});

describe('a server that speaks both', () => {
  const bearerHeader = { header: 'Authorization', scheme: 'Bearer' } as const;
  const owns = ['/api/user', '/api/session'] as const;
  const idealist = makeEcho({
    ...{ name: 'idealist', prefixes: ['/api'], owns, slashes: 'merge', credential: bearerHeader, tokenForm: 'uuid' },
  });
  const metabase = makeEcho({
    ...{ name: 'metabase', prefixes: ['/api'], owns: [...owns, '/api/health'], slashes: 'merge' },
  });
  let muster: Muster;
  let token: string;
  beforeAll(async () => {
    muster = await startMuster({
      dialects: [idealist, metabase],
      mounts: [
        { name: 'idealist' },
        { name: 'metabase' },
        { name: 'idealist', prefix: '/both' },
        { name: 'metabase', prefix: '/both' },
      ],
    });
    token = await muster.connect({ dialect: 'idealist' });
  });
  afterAll(() => muster.stop());

  const ask = async (path: string, request: RequestInit = {}) =>
    (await (await fetch(`${muster.server.url}${path}`, request)).json()) as Echo;
  const cookie = { Cookie: `metabase.SESSION=${dead}; other=1` };

  test('asks the database whether a token lives, and only of Idealist', async () => {
    const as = (text: string) => ask('/api/user', { headers: { Authorization: `Bearer ${text}`, ...cookie } });
    expect((await as(token)).api).toBe('idealist');
    expect((await as(`persistent ${token}`)).api).toBe('idealist');
    expect((await as(dead)).api).toBe('metabase');
    const stranger = await muster.connect({ dialect: 'metabase' });
    expect((await as(stranger)).api).toBe('metabase');
    expect((await ask('/api/user', { headers: cookie })).api).toBe('metabase');
  });

  test('looks at a token without counting a request of its connection or noting a use', async () => {
    const heard: string[] = [];
    const { authenticate, isLive } = buildAuthenticate({
      ...{ db: muster.db, noteUse: () => heard.push('use'), limitRequests: () => heard.push('request') },
    });
    expect([await isLive('idealist', token), await isLive('metabase', token)]).toEqual([true, false]);
    expect(heard).toEqual([]);
    await authenticate({ token, dialect: 'idealist', requestId: '' });
    expect(heard).toEqual(['request', 'use']);
    expect((await ask('/api/user', { headers: { Authorization: `Bearer ${token}`, ...cookie } })).api).toBe('idealist');
    await muster.keepUses();
    const used = await withClient(muster.database.connection, (client) =>
      client.query('select from credential where last_used_at is not null'),
    );
    expect(used.rowCount).toBe(0);
  });

  test('takes the session of somebody who has to choose another password for a live one', async () => {
    const caller = { ...(await muster.admin()), dialect: 'idealist' };
    const changes = [{ op: 'set', path: 'userName', value: 'ada' }] as const;
    const person = await createPerson(caller, muster.db, { changes, temporaryPassword: 'temporary', rules });
    const session = await muster.db.transaction((tx) => beginSession(tx, caller, { person, policy: 'sliding' }));
    expect((await ask('/api/user', { headers: { Cookie: `session=${session}; ${cookie.Cookie}` } })).api).toBe(
      'idealist',
    );
  });

  test('leaves a token that cannot be looked at to the API that it may be of', async () => {
    const away = openTestDatabase(muster.database);
    await away.close();
    const app = buildApp({
      ...{ db: away, log: pino({ level: 'silent' }), noteUse: () => undefined, publicUrl: 'http://x' },
      ...{ ready: () => away.ready(), dialects: [idealist, metabase] },
    });
    const answer = await app.request('/api/user', { headers: { Authorization: `Bearer ${dead}`, ...cookie } });
    expect(((await answer.json()) as Echo).api).toBe('idealist');
  });

  test.each([
    ['/api/user', '{"role":"worker"}', 'idealist'],
    ['/api//user/', '{"role":"worker"}', 'idealist'],
    ['/both/api/user', '{"role":"worker"}', 'idealist'],
    ['/api/user', '{"email":"ada@example.org"}', 'metabase'],
    ['/api/user', '["role"]', 'metabase'],
    ['/api/user', '{"role":', 'metabase'],
    ['/api/user', 'null', 'metabase'],
    ['/api/user', '', 'metabase'],
    ['/api/health', '{"role":"worker"}', 'metabase'],
  ])('looks into a body of POST %s, %s, and leaves it to the route of %s', async (path, body, api) => {
    const found = await ask(path, { method: 'POST', body });
    expect(found).toMatchObject({ api, body });
  });

  test('looks into no body that is longer than the limit, and leaves it too', async () => {
    const fits = JSON.stringify({ role: 'x'.repeat(defaultLimits.peekBytes - '{"role":""}'.length) });
    expect(await ask('/api/user', { method: 'POST', body: fits })).toMatchObject({ api: 'idealist', body: fits });
    const long = fits.replace('xx', 'xxx');
    expect(await ask('/api/user', { method: 'POST', body: long })).toMatchObject({ api: 'metabase', body: long });
  });

  test('looks into no body that does not say its length, and leaves it too', async () => {
    const body = ReadableStream.from([Buffer.from('{"role":'), Buffer.from('"worker"}')]);
    const found = await ask('/api/user', { method: 'POST', body, duplex: 'half' } as RequestInit);
    expect(found).toMatchObject({ api: 'metabase', body: '{"role":"worker"}' });
  });

  test('outlives a client that goes away while its body is looked into', async () => {
    const head = 'POST /api/user HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\nX-Request-Id: gone-1\r\n\r\n{"role":';
    const { socket } = await openRaw(muster.server.port, head);
    socket.destroy();
    await waitUntil(async () => muster.logged().includes('gone-1'), 'the line of the request');
    expect((await ask('/api/user')).api).toBe('metabase');
  });

  test('answers a path that neither owns in the words of Metabase', async () => {
    expect((await ask('/api/nothing')).api).toBe('metabase');
    expect((await ask('/both/api/nothing')).api).toBe('metabase');
  });

  test('reads a query as it came, brackets and quotes included', async () => {
    const request = 'GET /api/user?roles=["worker"] HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
    expect(await sendRaw(muster.server.port, request)).toContain('"api":"idealist"');
  });
});
