import { describe, expect, test } from 'vitest';
import { type SharedRequest, sharingRules } from '#dialects/shared-paths.ts';

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
