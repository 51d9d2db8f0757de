import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dialects } from '#dialects/index.ts';
import { metabase } from '#dialects/metabase/metabase.ts';
import { setPassword } from '#operations/set-password.ts';
import { withClient } from '#test/support/with-client.ts';
import { type Metabase, makeGroup, makeSomebody, startMetabase, tokenFor } from '../dialects/metabase/cast.ts';

const password = 'a Staple of 7341 horses';
const elsewhere = { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' };

let site: Metabase;
/** What the browser of a superuser sends along, wherever a page makes it send something. */
let cookies: string;
let bodies: Readonly<Record<string, object>>;

beforeAll(async () => {
  site = await startMetabase();
  const session = await tokenFor(site, site.cast.crowberto);
  cookies = `metabase.SESSION=${session}; metabase.EMBEDDED_SESSION=${session}; metabase.DEVICE=x`;
  const [group, { number, email }] = [await makeGroup(site, []), await makeSomebody(site)];
  bodies = {
    '/user': { email: 'made@example.org' },
    '/session': { username: email, password },
    '/session/forgot_password': { email },
    '/session/reset_password': { token: 'x', password },
    '/setup': { token: 'x', user: { email: 'made@example.org', password }, prefs: { site_name: 'x' } },
    '/util/password_check': { password },
    '/permissions/group': { name: 'a group of evil' },
    '/permissions/membership': { group_id: group.number, user_id: number },
    '/api-key': { name: 'a key of evil', group_id: 2 },
  };
});
afterAll(() => site.stop());

const posts = (metabase.routes ?? []).filter(({ method }) => method === 'POST').map(({ path }) => path);

const ask = (method: string, path: string, headers: Record<string, string> = {}, body?: string | Uint8Array) =>
  fetch(`${site.muster.server.url}/api${path}`, {
    method,
    headers: { ...elsewhere, Cookie: cookies, ...headers },
    ...(body !== undefined && { body }),
  } as RequestInit);

/** All that a request could have changed. */
const state = () =>
  withClient(site.muster.database.connection, async (db) => {
    const { rows } = await db.query(`select
      (select max(sequence) from journal) as journal, (select count(*) from credential) as tokens,
      (select count(*) from session) as sessions, (select count(*) from connection) as connections`);
    return { ...rows[0], mails: site.mails.length };
  });

/** What a form, a script or a link can make a browser send without asking us first: Fetch, section 2.2.2. */
const simple: Readonly<Record<string, (body: object) => readonly [Record<string, string>, string | Uint8Array]>> = {
  'as text': (body) => [{ 'Content-Type': 'text/plain' }, JSON.stringify(body)],
  'as text that says JSON behind': (body) => [
    { 'Content-Type': 'text/plain; x=application/json' },
    JSON.stringify(body),
  ],
  'as a form': (body) => [{ 'Content-Type': 'application/x-www-form-urlencoded' }, JSON.stringify(body)],
  'as a form of fields': (body) => [
    { 'Content-Type': 'application/x-www-form-urlencoded' },
    new URLSearchParams(
      Object.entries(body).map(([name, value]): [string, string] => [name, String(value)]),
    ).toString(),
  ],
  'as parts': (body) => [{ 'Content-Type': 'multipart/form-data; boundary=x' }, JSON.stringify(body)],
  'with no type': (body) => [{}, new TextEncoder().encode(JSON.stringify(body))],
};

describe('a page of another site, in the browser of a superuser', () => {
  test('is tried with every POST of Metabase, and each would do something as JSON', async () => {
    expect(posts.toSorted()).toEqual(Object.keys(bodies).sort());
    const { status } = await ask('POST', '/permissions/group', { 'Content-Type': 'application/json' }, '{"name":"ok"}');
    expect(status).toBe(200);
  });

  test.each(Object.keys(simple))('changes nothing with a POST %s', async (how) => {
    const before = await state();
    for (const path of posts) {
      const [headers, body] = simple[how]?.(bodies[path] ?? {}) ?? [{}, ''];
      const answer = await ask('POST', path, headers, body);
      expect(answer.status, path).toBeGreaterThanOrEqual(400);
      expect(answer.headers.get('set-cookie') ?? '', path).not.toContain('metabase.SESSION=');
    }
    expect(await state()).toEqual(before);
  });

  test('changes nothing with a GET, and reads nothing', async () => {
    const before = await state();
    for (const { path } of (metabase.routes ?? []).filter(({ method }) => method === 'GET')) {
      const answer = await ask('GET', path.replace(/:id\{.*\}/, String(site.cast.rasta.number)));
      expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
      await answer.body?.cancel();
    }
    expect(await state()).toEqual(before);
  });

  test('is let in by no preflight, of whichever API', async () => {
    const paths = dialects.flatMap(({ prefixes: [prefix], people }) => [`${prefix}${people}`, `${prefix}${people}/1`]);
    expect(paths.length).toBeGreaterThan(4);
    for (const path of paths) {
      for (const wanted of ['POST', 'PUT', 'PATCH', 'DELETE']) {
        const answer = await fetch(site.muster.server.url + path, {
          method: 'OPTIONS',
          headers: {
            ...elsewhere,
            'Access-Control-Request-Method': wanted,
            'Access-Control-Request-Headers': 'content-type, x-metabase-anti-csrf-token',
          },
        });
        expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
      }
    }
  });
});

test('a session is given to a browser for this site alone, and out of the reach of scripts', async () => {
  const { muster, admin } = site;
  const { id, email } = await makeSomebody(site);
  await setPassword(admin, muster.db, id, { password });
  const answer = await ask(
    'POST',
    '/session',
    { 'Content-Type': 'application/json' },
    JSON.stringify({ username: email, password }),
  );
  expect(answer.status).toBe(200);
  const cookie = answer.headers.getSetCookie().find((each) => each.startsWith('metabase.SESSION='));
  expect(cookie).toMatch(/; HttpOnly; SameSite=Lax; Path=\//);
  expect(cookie).not.toContain('Domain');
});
