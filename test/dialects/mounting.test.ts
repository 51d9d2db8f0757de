import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildApp, buildWriteMalformed } from '#app.ts';
import { readConfig } from '#config.ts';
import { type Api, type Mount, placeApis, urlOfMount } from '#dialects/mount.ts';
import { buildFindMount } from '#dialects/mount-finder.ts';
import { assertNoOverlap } from '#dialects/mount-overlap.ts';
import { scim } from '#dialects/scim/scim.ts';
import { type Echo, makeEcho } from '#test/support/echo-dialect.ts';
import { type Muster, startMuster } from '#test/support/muster.ts';
import { sendRaw, statusOf } from '../http/raw-socket.ts';

const bearer = { header: 'Authorization', scheme: 'Bearer' } as const;
const callbox = makeEcho({ name: 'callbox', prefixes: ['/api/v1/staff'], slashes: 'keep', credential: bearer });
const metabase = makeEcho({
  ...{ name: 'metabase', prefixes: ['/api'], owns: ['/api/user', '/api/session', '/api/health'], slashes: 'merge' },
});
const idealist = makeEcho({
  ...{ name: 'idealist', prefixes: ['/api'], owns: ['/api/user', '/api/session'], slashes: 'merge' },
  ...{ credential: bearer, tokenForm: 'uuid' },
});
const dialects = [scim, callbox, metabase, idealist];

const wishes = (text: string) => readConfig({ MOUNTS: text }).mounts ?? [];

/** Who answers at a path, as `name prefix tenant`, when the APIs are placed by this text. */
function answererAt(text: string, target: string, host?: string): string {
  const found = buildFindMount(placeApis<Api>(dialects, text === '' ? [] : wishes(text)))(host, target);
  if (found === undefined) return 'nobody';
  const { api, prefix, tenant } = found.mount;
  const place = [api.name, prefix, tenant].filter(Boolean).join(' ');
  return found.rival === undefined ? place : `${place} or ${found.rival.mount.api.name}`;
}

describe('who answers at a path', () => {
  test.each([
    ['', '/scim/v2/Users', 'scim'],
    ['', '/scim/Users', 'scim'],
    ['', '//scim//v2/Users/', 'scim'],
    ['', '/scimitar', 'nobody'],
    ['', '/', 'nobody'],
    ['', '/api/v1/staff', 'callbox'],
    ['', '/api/v1/staff/nothing', 'callbox'],
    ['', '/api/v1/staff/users/', 'callbox'],
    ['', '/api/v1/staffing', 'metabase'],
    ['', '/api//v1/staff/users', 'metabase'],
    ['', '/api/nothing', 'metabase'],
    ['', '/api', 'metabase'],
    ['', '/api/health', 'metabase'],
    ['', '/api/user', 'metabase or idealist'],
    ['', '//api//user//', 'metabase or idealist'],
    ['', '/api/session/properties', 'metabase or idealist'],
    ['metabase@bi.example.com', '/api/health', 'idealist', 'elsewhere.example.com'],
    ['metabase@bi.example.com,idealist/pos', '/api/health', 'nobody', 'elsewhere.example.com'],
    ['metabase@bi.example.com', '/api/nothing', 'metabase', 'bi.example.com'],
    ['metabase/bi,idealist/pos', '/api/nothing', 'nobody'],
    ['metabase/bi,idealist/pos', '/bi/api/user', 'metabase /bi'],
    ['metabase/bi,idealist/pos', '/pos/api/user', 'idealist /pos'],
    ['metabase/both,idealist/both', '/both/api/user', 'metabase /both or idealist'],
    ['callbox/calls', '/api/v1/staff/users', 'metabase'],
    ['callbox/calls', '/calls/api/v1/staff/users', 'callbox /calls'],
    ['callbox/calls', '/calls', 'nobody'],
    ['metabase,metabase@bi.acme.com=acme', '/api/health', 'metabase', 'bi.example.com'],
    ['metabase,metabase@bi.acme.com=acme', '/api/health', 'metabase acme', 'bi.acme.com'],
    ['metabase/acme=acme,metabase/globex=globex', '/globex/api/health', 'metabase /globex globex'],
  ])('MOUNTS=%s: at %s it is %s', (text, target, expected, host?: string) => {
    expect(answererAt(text, target, host)).toBe(expected);
  });

  test('an API at a host of its own comes before those that answer at every host, and these answer beside it', () => {
    const text = 'metabase@bi.example.com';
    expect(answererAt(text, '/api/user', 'bi.example.com')).toBe('metabase');
    expect(answererAt(text, '/api/user', 'pos.example.com')).toBe('idealist');
    expect(answererAt(text, '/api/v1/staff/users', 'bi.example.com')).toBe('callbox');
    expect(answererAt(text, '/scim/v2/Users', 'bi.example.com')).toBe('scim');
  });
});

describe('MOUNTS', () => {
  test.each([
    ['metabase', { name: 'metabase' }],
    ['Metabase@BI.Example.com', { name: 'metabase', host: 'bi.example.com' }],
    ['metabase/old/bi/', { name: 'metabase', prefix: '/old/bi' }],
    ['metabase=acme & sons', { name: 'metabase', tenant: 'acme & sons' }],
    ['metabase@127.0.0.1/x=a', { name: 'metabase', host: '127.0.0.1', prefix: '/x', tenant: 'a' }],
  ])('%s is read', (text, wish) => {
    expect(wishes(text)).toEqual([wish]);
  });

  test.each([
    ['metabase,', 'an empty place'],
    ['@bi.example.com', 'no name'],
    ['metabase@', 'no host'],
    ['metabase@bi.example.com:443', 'a port'],
    ['metabase@-bi', 'no name of a host'],
    ['metabase@[::1]', 'an address of IPv6'],
    ['metabase//bi', 'an empty segment'],
    ['metabase/../bi', 'a way up'],
    ['metabase/.', 'a dot'],
    ['metabase/@0', 'a sign'],
    ['metabase/b%69', 'an escape'],
    ['metabase/bi?x', 'a query'],
    ['metabase=', 'no tenant'],
    ['https://bi.example.com', 'a URL'],
  ])('%s is refused for %s, with what would be right and without the value', (text) => {
    const right = 'places such as metabase@bi.example.com,callbox/calls,metabase@bi.acme.com/old=acme';
    const message = `The settings cannot be used; correct these and start again:\n  MOUNTS: should be ${right}`;
    expect(() => readConfig({ MOUNTS: text })).toThrow(new Error(message));
  });

  test('that names no API is refused with the names that there are', () => {
    expect(() => buildWriteMalformed({ dialects, mounts: wishes('scim,secrets@vault.example.com') })).toThrow(
      /^MOUNTS: number 2 in it names no API that there is; name one of scim, callbox, metabase, idealist$/,
    );
  });
});

describe('two APIs at one path', () => {
  const other = makeEcho({ name: 'other', prefixes: ['/api/user'], slashes: 'merge' });
  const inside = makeEcho({ name: 'inside', prefixes: ['/api/v1/staff/users'], slashes: 'merge' });

  test.each([
    ['one owns what the other owns', [metabase, other], '', 'metabase and other'],
    ['one owns a part of what the other owns', [callbox, inside], '', 'callbox and inside'],
    ['in the other order too', [inside, callbox], '', 'inside and callbox'],
    ['one is twice at one place', [metabase], 'metabase,metabase=acme', 'two of metabase'],
    ['one is inside itself', [metabase], 'metabase,metabase/api/user', 'two of metabase'],
    ['they are at one host', [metabase, other], 'metabase@a.example,other@a.example', 'metabase and other'],
    ['a prefix brings them together', [scim, callbox], 'callbox/scim', 'scim and callbox'],
    ['the rule of the pair is for one prefix', [metabase, idealist], 'metabase/api/user', 'metabase and idealist'],
    ['it is ours', [scim, metabase], 'metabase/admin/v1', 'metabase and admin'],
  ])('keep the server from starting when %s', (_when, placed, text, names) => {
    const mounts = text === '' ? [] : wishes(text);
    const sentence = `MOUNTS: ${names} would answer at the same paths; give one of them a host or a prefix of its own`;
    expect(() => buildWriteMalformed({ dialects: placed, mounts })).toThrow(new Error(sentence));
  });

  test.each([
    ['one only says below the other that there is nothing', [callbox, metabase], ''],
    ['there is a rule which of them answers', [metabase, idealist], ''],
    ['the rule holds at another place too', [metabase, idealist], 'metabase@a.example/x,idealist@a.example/x'],
    ['they are at two hosts', [metabase, other], 'metabase@a.example,other@b.example'],
    ['one of them has a host of its own', [metabase, other], 'metabase@a.example'],
    ['they have two prefixes', [metabase, other], 'metabase/a,other/b'],
  ])('are fine when %s', (_when, placed, text) => {
    expect(() => assertNoOverlap(placeApis<Api>(placed, text === '' ? [] : wishes(text)))).not.toThrow();
  });

  test('is what the program itself does not have', () => {
    expect(() => buildWriteMalformed({})).not.toThrow();
  });
});

test.each([
  [{}, 'https://id.example.com/roll', 'https://id.example.com/roll'],
  [{ prefix: '/bi' }, 'https://id.example.com/roll', 'https://id.example.com/roll/bi'],
  [{ host: 'bi.example.com' }, 'http://localhost:8080', 'http://bi.example.com:8080'],
  [{ host: 'bi.example.com', prefix: '/x' }, 'https://id.example.com/roll', 'https://bi.example.com/roll/x'],
] as const)('the URL of a mount %j of %s is %s', (place, publicUrl, expected) => {
  const mount: Mount = { api: metabase, prefix: '', ...place };
  expect(urlOfMount(mount, publicUrl)).toBe(expected);
});

describe('a running server', () => {
  let muster: Muster;
  beforeAll(async () => {
    const text = 'metabase,metabase@bi.acme.com/old=acme,callbox/calls,callbox@calls.example.com,scim,scim/people';
    muster = await startMuster({ dialects, mounts: wishes(text) });
  });
  afterAll(() => muster.stop());

  const ask = (target: string, host = 'x', more = '', method = 'GET') =>
    sendRaw(muster.server.port, `${method} ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n${more}\r\n`);
  const bodyOf = (answer: string) => answer.slice(answer.indexOf('\r\n\r\n') + 4);
  const echoOf = async (target: string, host?: string) => JSON.parse(bodyOf(await ask(target, host))) as Echo;

  test.each([
    ['/api/health', 'x', 'metabase', 'default', ''],
    ['/api//health/', 'x', 'metabase', 'default', ''],
    ['/api/v1/staff/users', 'x', 'metabase', 'default', ''],
    ['/calls/api/v1/staff/users', 'x', 'callbox', 'default', '/calls'],
    ['/calls/api/v1/staff/%75sers', 'x', 'callbox', 'default', '/calls'],
    ['/old/api/user', 'bi.acme.com', 'metabase', 'acme', '/old'],
    ['/old/api/user', 'BI.Acme.com.:8080', 'metabase', 'acme', '/old'],
    ['http://bi.acme.com/old/api/user', 'x', 'metabase', 'acme', '/old'],
    ['/api/v1/staff/users', 'calls.example.com', 'callbox', 'default', ''],
  ])('GET %s at %s is answered by %s for the tenant %s', async (target, host, api, tenant, prefix) => {
    const url = new URL(muster.server.url);
    if (target.includes('old')) url.hostname = 'bi.acme.com';
    if (host.startsWith('calls')) url.hostname = host;
    expect(await echoOf(target, host)).toEqual({ api, tenant, publicUrl: url.origin + prefix, body: '' });
  });

  test.each([
    ['/old/api/user', 'bi.example.com'],
    ['/old/api/user', 'x'],
    ['http://x/old/api/user', 'bi.acme.com'],
    ['/calls', 'x'],
    ['/calls/api/user', 'x'],
    ['/calls//api/v1/staff/users', 'x'],
    ['/@1/calls/api/v1/staff/users', 'x'],
    ['/@0/scim/v2/Users', 'x'],
    ['/%400/scim/v2/Users', 'x'],
    ['//@0/scim/v2/Users', 'x'],
    ['/old/%2e%2e/livez', 'bi.acme.com'],
    ['/livez/', 'x'],
    ['//livez', 'x'],
  ])('GET %s at %s is nobody’s', async (target, host) => {
    const answer = await ask(target, host);
    expect(statusOf(answer)).toBe(404);
    expect(answer).toContain('404 Not Found');
  });

  test('two Host headers are the host of nobody', async () => {
    expect(statusOf(await ask('/old/api/user', 'bi.acme.com', 'Host: bi.acme.com\r\n'))).toBe(404);
    expect(statusOf(await ask('/old/api/user', 'bi.acme.com'))).toBe(200);
  });

  test('what is for every host is at a host of an API too', async () => {
    expect(statusOf(await ask('/livez', 'bi.acme.com'))).toBe(200);
    expect(statusOf(await ask('/admin/v1/users', 'bi.acme.com'))).toBe(401);
  });

  test.each([
    ['/api/people/a%20b', 'person a b'],
    ['/api/people/%2520', 'person %20'],
    ['/api/people/%2e%2e', 'person ..'],
    ['/api/people/..%2f..%2flivez', 'person ../../livez'],
  ])('GET %s has the value of the path: %s', async (target, text) => {
    expect(bodyOf(await ask(target))).toBe(text);
  });

  test.each([
    ['/calls/api/v1/staff/users', 'x', 'callbox'],
    ['/api/v1/staff/users', 'calls.example.com', 'callbox'],
    ['/api/v1/staff/users', 'x', 'metabase'],
    ['/old/api/user', 'bi.acme.com', 'metabase'],
  ])('headers that are too long are refused at %s of %s in the words of %s', async (target, host, name) => {
    const answer = await ask(target, host, `X-Long: ${'x'.repeat(20_000)}\r\n`);
    expect(statusOf(answer)).toBe(431);
    expect(bodyOf(answer)).toBe(name);
  });

  test('the log and the metrics know a route by the pattern that people know', async () => {
    await ask('/old/api/people/17', 'bi.acme.com');
    const route = '/old/api/people/:id';
    expect(muster.logged()).toContain(`"route":"${route}"`);
    expect(muster.logged()).not.toContain('/@');
    const metrics = bodyOf(await ask('/metrics'));
    expect(metrics).toContain(`route="${route}"`);
    expect(metrics).not.toContain('"/@');
  });

  test('SCIM gives locations below the prefix at which it was asked', async () => {
    const token = await muster.connect({ rights: ['read', 'write'] });
    for (const prefix of ['', '/people']) {
      const response = await fetch(`${muster.server.url}${prefix}/scim/v2/Users`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/scim+json' },
        body: JSON.stringify({ userName: `ada${prefix}` }),
      });
      const { meta } = (await response.json()) as { meta: { location: string } };
      expect(meta.location).toContain(`${muster.server.url}${prefix}/scim/v2/Users/`);
    }
  });

  test.each([
    ['', 'x'],
    ['/people', 'x'],
  ])('OAuth’s description of SCIM below %s is where its refusal says', async (prefix, host) => {
    const refused = await ask(`${prefix}/scim/v2/Users`, host);
    const url = /resource_metadata="([^"]+)"/.exec(refused)?.[1] ?? '';
    const resource = `${muster.server.url}${prefix}/scim/v2`;
    expect(await (await fetch(url)).json()).toMatchObject({ resource, scopes_supported: ['scim'] });
    const wellKnown = `/.well-known/oauth-protected-resource${prefix}/scim/v2`;
    expect(JSON.parse(bodyOf(await ask(wellKnown, host)))).toMatchObject({ resource });
  });

  test('OAuth describes the APIs that take Bearer tokens, each at its places, and no others', async () => {
    const described = async (path: string, host?: string) => {
      const answer = await ask(`/.well-known/oauth-protected-resource${path}`, host);
      return statusOf(answer) === 200
        ? (JSON.parse(bodyOf(answer)) as { resource: string }).resource
        : statusOf(answer);
    };
    const { url, port } = muster.server;
    expect(await described('/api')).toBe(`${url}/api`);
    expect(await described('/calls/api/v1/staff')).toBe(`${url}/calls/api/v1/staff`);
    expect(await described('/api/v1/staff')).toBe(404);
    expect(await described('/api/v1/staff', 'calls.example.com')).toBe(`http://calls.example.com:${port}/api/v1/staff`);
    expect(await described('/old/api', 'bi.acme.com')).toBe(404);
    const whole = JSON.parse(bodyOf(await ask('/.well-known/oauth-authorization-server'))) as object;
    expect(whole).toMatchObject({ scopes_supported: ['scim', 'callbox', 'idealist'] });
  });

  test.each([
    ['', '/api/nothing', 404, 'API endpoint does not exist.'],
    ['', '/api/v1/nothing', 404, 'API endpoint does not exist.'],
    ['', '/api/v1/staff/nothing', 404, '{"detail":"Not Found"}'],
    ['callbox/calls', '/api/v1/staff/users', 404, 'API endpoint does not exist.'],
    ['callbox/calls', '/calls/api/v1/staff/nothing', 404, '{"detail":"Not Found"}'],
    ['callbox/calls', '/openapi/callbox.json', 200, '"servers":[{"url":"http://x/calls/api/v1/staff"}]'],
    ['metabase@bi.example.com', '/api/nothing', 404, '404 Not Found'],
    ['metabase@bi.example.com', 'http://bi.example.com/api/nothing', 404, 'API endpoint does not exist.'],
    ['metabase@bi.example.com', 'http://bi.example.com/api/health', 200, '{"status":"ok"}'],
  ])('with MOUNTS=%s answers %s by %i in the words of whom it is for', async (text, target, status, words) => {
    const { db } = muster;
    const app = buildApp({
      ...{ db, log: pino({ level: 'silent' }), noteUse: () => undefined, publicUrl: 'http://x' },
      ...{ ready: () => db.ready(), mounts: text === '' ? [] : wishes(text) },
    });
    const answer = await app.request(target);
    expect([answer.status, await answer.text()]).toEqual([status, expect.stringContaining(words)]);
  });
});
