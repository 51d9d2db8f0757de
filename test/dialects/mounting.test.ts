import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildApp } from '#app.ts';
import type { Echo } from '#test/support/echo-dialect.ts';
import { type Muster, startMuster } from '#test/support/muster.ts';
import { sendRaw, statusOf } from '../http/raw-socket.ts';
import { dialects, wishes } from './echoes.ts';

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
