import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { defaultDialectSettings } from '#dialects/dialect-settings.ts';
import { type Muster, request, startMuster } from '#test/support/muster.ts';
import { cookiesOf } from './passwords.ts';

const user = { email: 'First@Metabase.com', password: 'p@ssword1x', first_name: 'First', last_name: 'User' };
const prefs = { site_name: 'Ours', site_locale: 'pt_BR' };
let muster: Muster;
let closed: Muster;

beforeAll(async () => {
  muster = await startMuster();
  const metabase = { ...defaultDialectSettings.metabase, setup: 'closed' } as const;
  closed = await startMuster({ database: muster.database, dialectSettings: { metabase } });
});
afterAll(async () => {
  await closed.stop();
  await muster.stop();
});

const send = (method: string, path: string, body?: unknown, headers = {}, to = muster) =>
  request(`${to.server.url}/api${path}`, undefined, method, body, { 'Content-Type': 'application/json', ...headers });
const setUp = (body: unknown, to?: Muster) => send('POST', '/setup', body, {}, to);
const properties = async (to?: Muster) => (await send('GET', '/session/properties', undefined, {}, to)).body;

const tooLate = 'The /api/setup route can only be used to create the first user, however a user currently exists.';

test('a fresh server is set up once, by who shows its token', async () => {
  const before = await properties();
  const token = before['setup-token'];
  expect([before['has-user-setup'], token]).toEqual([false, expect.stringMatching(/^[0-9a-f-]{36}$/)]);
  expect((await properties())['setup-token']).toBe(token);

  for (const wrong of [undefined, null, 7, '', randomUUID()]) {
    const { status, body } = await setUp({ token: wrong, user, prefs });
    expect([status, body]).toEqual([400, { errors: { token: 'Token does not match the setup token.' } }]);
  }
  const wrongOnes: [string, object][] = [
    ['site_name', { token, user }],
    ['site_locale', { token, user, prefs: { ...prefs, site_locale: 'zz' } }],
    ['first_name', { token, prefs, user: { ...user, first_name: ' ' } }],
    ['email', { token, prefs, user: { ...user, email: 'no address' } }],
    ['email', { token, prefs }],
    ['password', { token, prefs, user: { ...user, password: 'password1' } }],
  ];
  for (const [field, body] of wrongOnes) {
    const answer = await setUp(body);
    expect([answer.status, Object.keys(answer.body.errors)]).toEqual([400, [field]]);
  }

  const hidden = await properties(closed);
  expect([hidden['has-user-setup'], hidden['setup-token']]).toEqual([false, null]);
  expect((await setUp({ token, user, prefs }, closed)).status).toBe(403);

  const done = await setUp({ token, user, prefs });
  expect([done.status, done.body]).toEqual([200, { id: expect.any(String) }]);
  expect(cookiesOf(done)).toHaveLength(2);
  const me = await send('GET', '/user/current', undefined, { 'X-Metabase-Session': done.body.id });
  expect(me.body).toMatchObject({
    ...{ id: 1, email: 'first@metabase.com', first_name: 'First', last_name: 'User' },
    ...{ is_superuser: true, is_installer: true },
  });
  const after = await properties();
  expect([after['has-user-setup'], after['setup-token']]).toEqual([true, null]);
  for (const body of [{ token, user, prefs }, { token: randomUUID(), user, prefs }, {}]) {
    const answer = await setUp(body);
    expect([answer.status, answer.body]).toEqual([403, tooLate]);
  }
  expect((await send('POST', '/session', { username: user.email, password: user.password })).status).toBe(200);
});
