import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildApp } from '#app.ts';
import type { Db } from '#store/database.ts';
import { freshDatabase } from '#test/support/database.ts';
import { openTestDatabase } from '../store/open-test-database.ts';
import { matrix } from './matrix.ts';

let db: Db;
let app: ReturnType<typeof buildApp>;

beforeAll(async () => {
  db = openTestDatabase(await freshDatabase());
  const log = pino({ level: 'silent' });
  app = buildApp({ db, log, noteUse: () => undefined, publicUrl: 'http://x', ready: () => db.ready() });
});
afterAll(() => db.close());

const statusOf = async (method: string, path: string, headers: Record<string, string> = {}, body?: string) =>
  (await app.fetch(new Request(`http://localhost${path}`, { method, headers, ...(body !== undefined && { body }) })))
    .status;

/** Every route that needs a credential, with an id that nothing has; where tokens are given has a test of its own. */
const requests = [
  ...new Set(
    matrix
      .filter(({ route, cells }) => cells.none === 401 && !route.endsWith('/oauth/token'))
      .map(({ route }) => route),
  ),
].map((route) => {
  const [method = '', path = ''] = route.split(' ');
  const numbered = path.replace(/:\w+\{\[0-9\]\+\}/g, '999');
  const filled = numbered.replace(/:\w+/g, '01890000-0000-7000-8000-000000000000').replace(/\*$/, 'nothing');
  return [method === 'ALL' ? 'PROPFIND' : method, filled] as const;
});

test('V-21: before there is a tenant, no route that needs a credential opens without one or with any', async () => {
  expect(requests.length).toBeGreaterThan(90);
  const tokens = [undefined, '', 'null', 'admin', 'postgres', `mst_${'0'.repeat(38)}`];
  for (const token of tokens) {
    const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` };
    const found = await Promise.all(
      requests.map(async ([method, path]) => [method, path, await statusOf(method, path, headers)]),
    );
    expect(
      found.filter(([, , status]) => status !== 401),
      String(token),
    ).toEqual([]);
  }
});

test('V-21: nobody signs in, and no client gets a token, before there is somebody', async () => {
  const json = { 'Content-Type': 'application/json' };
  for (const [name, password] of [
    ['admin', 'admin'],
    ['postgres', ''],
  ]) {
    const status = await statusOf('POST', '/admin/v1/sessions', json, JSON.stringify({ name, password }));
    expect(status, name).toBe(password === '' ? 400 : 401);
    const session = await statusOf('POST', '/api/session', json, JSON.stringify({ username: name, password }));
    expect(session, name).toBe(password === '' ? 400 : 401);
  }
  const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const grant = 'grant_type=client_credentials&client_id=admin&client_secret=admin';
  expect(await statusOf('POST', '/oauth/token', form, grant)).toBe(401);
});

test('V-21: nobody sets up a tenant that is not there, and none tells a token', async () => {
  const properties = await app.fetch(new Request('http://localhost/api/session/properties'));
  expect(await properties.json()).toMatchObject({ 'setup-token': null });
  const json = { 'Content-Type': 'application/json' };
  const wish = { user: { email: 'a@example.org', password: 'a Staple of 7341 horses' }, prefs: { site_name: 'x' } };
  for (const token of [undefined, null, '', 'null', true, {}, crypto.randomUUID()]) {
    const status = await statusOf('POST', '/api/setup', json, JSON.stringify({ ...wish, token }));
    expect(status, String(token)).toBe(403);
  }
});
