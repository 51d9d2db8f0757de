import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildAuthenticate } from '#access/authenticate.ts';
import { beginSession } from '#access/sessions.ts';
import { buildApp } from '#app.ts';
import { defaultLimits } from '#http/limits.ts';
import { createPerson } from '#operations/create-person.ts';
import { openTestDatabase } from '#test/store/open-test-database.ts';
import { type Echo, makeEcho } from '#test/support/echo-dialect.ts';
import { type Muster, startMuster } from '#test/support/muster.ts';
import { waitUntil } from '#test/support/wait-until.ts';
import { withClient } from '#test/support/with-client.ts';
import { openRaw, sendRaw } from '../http/raw-socket.ts';
import { rules } from '../operations/open-roll.ts';

const dead = '3f2504e0-4f89-41d3-9a0c-0305e82c3302';

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
