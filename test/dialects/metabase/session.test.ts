import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkSignInLimit } from '#access/sign-in-limits.ts';
import { setSessionCookies } from '#dialects/metabase/cookies.ts';
import { domainLimits } from '#domain/limits.ts';
import { setPassword } from '#operations/set-password.ts';
import { withClient } from '#test/support/with-client.ts';
import { changePerson, clientFor, type Metabase, makeSomebody, startMetabase, tokenFor } from './cast.ts';
import { cookiesOf, makeSignable, password, sendFrom } from './passwords.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
let metabase: Metabase;

beforeAll(async () => {
  metabase = await startMetabase();
});
afterAll(() => metabase.stop());

const signIn = (body: unknown, headers?: Record<string, string>) => metabase.with().post('/api/session', body, headers);

describe('signing in', () => {
  test('case 130: a sign-in is 200 with the id of a session, which is good in a header and in the cookie', async () => {
    const { email, number } = await makeSignable(metabase);
    const answer = await signIn({ username: email, password });
    expect([answer.status, answer.body]).toEqual([200, { id: expect.stringMatching(uuid) }]);
    expect(answer.headers.get('content-type')).toBe('application/json;charset=utf-8');
    for (const headers of [
      { 'x-metabase-session': answer.body.id },
      { Cookie: `metabase.SESSION=${answer.body.id}` },
    ]) {
      expect((await metabase.with(headers).get('/api/user/current')).body.id).toBe(number);
    }
  });

  test('case 131: the name may be in capitals, and the sign-in and its address are noted', async () => {
    const { email, id } = await makeSignable(metabase);
    const answer = await sendFrom(metabase, '203.0.113.9', '/api/session', {
      ...{ username: email.toUpperCase(), password },
    });
    expect(answer.status).toBe(200);
    const { body } = await metabase.with({ 'X-Metabase-Session': answer.body.id }).get('/api/user/current');
    expect(body.last_login).toMatch(/Z$/);
    const text = 'select address from session where user_id = $1';
    const { rows } = await withClient(metabase.muster.database.connection, (client) => client.query(text, [id]));
    expect(rows).toEqual([{ address: '203.0.113.9' }]);
  });

  test('case 33: the first sign-in stays the first', async () => {
    const { email: username, id } = await makeSignable(metabase);
    const current = async () => {
      const { body } = await signIn({ username, password });
      return (await metabase.with({ 'X-Metabase-Session': body.id }).get('/api/user/current')).body;
    };
    const once = await current();
    expect(once.first_login).toBe(once.last_login);
    const text = `update app_user set first_login_at = '2026-01-02T03:04:05Z', last_login_at = '2026-02-03T04:05:06Z'
      where id = $1`;
    await withClient(metabase.muster.database.connection, (client) => client.query(text, [id]));
    expect((await current()).first_login).toBe('2026-01-02T03:04:05.000000Z');
    // Who was brought along has signed in elsewhere, and here for the first time.
    await withClient(metabase.muster.database.connection, (client) =>
      client.query(`update app_user set first_login_at = null, last_login_at = '2025-03-04T05:06:07Z' where id = $1`, [
        id,
      ]),
    );
    expect((await current()).first_login).toBe('2025-03-04T05:06:07.000000Z');
  });

  test('case 132: the cookie lasts when the session is to be remembered, else as long as the browser', async () => {
    const { email: username } = await makeSignable(metabase);
    const remembered = await signIn({ username, password, remember: true });
    const forgotten = await signIn({ username, password, remember: false });
    const timeout = 'metabase.TIMEOUT=alive; Path=/; SameSite=Lax; Max-Age=1209600';
    expect(cookiesOf(remembered)).toEqual([
      `metabase.SESSION=${remembered.body.id}; HttpOnly; SameSite=Lax; Path=/; Max-Age=1209600`,
      timeout,
    ]);
    expect(cookiesOf(forgotten)).toEqual([
      `metabase.SESSION=${forgotten.body.id}; HttpOnly; SameSite=Lax; Path=/`,
      timeout,
    ]);
  });

  test('where the server is reached over https the cookies go over nothing else', async () => {
    const app = new Hono().get('/', (context) => {
      setSessionCookies(context as never, { publicUrl: 'https://roll.example.org' }, 'token');
      return context.body(null);
    });
    for (const cookie of (await app.request('/')).headers.getSetCookie()) expect(cookie).toMatch(/; Secure$/);
  });

  test('case 133: without a name the name is wrong, with a name alone the password is', async () => {
    const nothing = await signIn({});
    expect([nothing.status, nothing.body]).toEqual([
      400,
      {
        errors: { username: 'value must be a non-blank string.' },
        'specific-errors': { username: ['should be a string, received: nil', 'non-blank string, received: nil'] },
      },
    ]);
    const name = await signIn({ username: 'somebody@metabase.com' });
    expect([name.status, name.body.errors]).toEqual([400, { password: 'value must be a non-blank string.' }]);
    const number = await signIn({ username: 'somebody@metabase.com', password: 73_571_113 });
    expect([number.status, JSON.stringify(number.body)]).toEqual([400, expect.not.stringContaining('73571113')]);
  });

  test('case 134: the right password of somebody deactivated is 401 with words of its own', async () => {
    const member = await makeSignable(metabase);
    await changePerson(metabase, member, { active: false });
    const answer = await signIn({ username: member.email, password });
    expect([answer.status, answer.body]).toEqual([401, { errors: { _error: 'Your account is disabled.' } }]);
  });

  test('case 135: a wrong password is 401, with the same words as for nobody', async () => {
    const { email } = await makeSignable(metabase);
    for (const username of [email, 'nobody@metabase.com', '%']) {
      const answer = await signIn({ username, password: 'something else' });
      expect([answer.status, answer.body]).toEqual([401, { errors: { password: 'did not match stored password' } }]);
      expect(cookiesOf(answer)).toEqual([]);
    }
  });

  test('case 136: the eleventh failure for a name is refused with the seconds to wait, and so is the next', async () => {
    const { email: name } = await makeSignable(metabase);
    const address = '203.0.113.20';
    const { tenant } = metabase.admin;
    for (let tries = 0; tries < domainLimits.failedSignInsPerName; tries += 1) {
      await checkSignInLimit(metabase.muster.db, { name: `${tenant}:${name}`, address, dialect: 'metabase' });
    }
    for (const _ of [11, 12]) {
      const answer = await sendFrom(metabase, address, '/api/session', { username: name, password });
      const words = /^Too many attempts! You must wait \d+ seconds before trying again\.$/;
      expect([answer.status, answer.body]).toEqual([401, { errors: { username: expect.stringMatching(words) } }]);
    }
    const russian = { 'X-Forwarded-For': address, 'X-Metabase-Locale': 'ru' };
    expect((await signIn({ username: name, password }, russian)).body.errors.username).toMatch(
      /^Слишком много .*\d+ с/,
    );
  });

  test('case 137: after fifty failures of one address with many names it is refused, and no other address', async () => {
    const { email: username } = await makeSignable(metabase);
    const address = '203.0.113.30';
    for (let tries = 0; tries < 50; tries += 1) {
      await checkSignInLimit(metabase.muster.db, { name: `name ${tries}`, address, dialect: 'metabase' });
    }
    const refused = await sendFrom(metabase, address, '/api/session', { username, password });
    expect([refused.status, Object.keys(refused.body.errors)]).toEqual([401, ['username']]);
    expect((await sendFrom(metabase, '203.0.113.31', '/api/session', { username, password })).status).toBe(200);
  });

  test('a temporary password opens nothing but the way out and a new password', async () => {
    const { id, email } = await makeSomebody(metabase);
    const { admin, muster } = metabase;
    const { password: temporary } = await setPassword(admin, muster.db, id, { temporary: true });
    const { status, body } = await signIn({ username: email, password: temporary });
    const client = metabase.with({ 'X-Metabase-Session': body.id });
    expect([status, (await client.get('/api/user/current')).status]).toEqual([200, 403]);
    expect((await client.delete('/api/session')).status).toBe(204);
  });

  test('a password is in no log', async () => {
    const { email: username } = await makeSignable(metabase);
    const secrets = ['an unlikely password 7', 'another unlikely 8'];
    for (const each of secrets) await signIn({ username, password: each });
    await metabase.muster.keepRequests();
    const { rows } = await withClient(metabase.muster.database.connection, (client) =>
      client.query('select r.*::text as kept from request_log r'),
    );
    expect(rows.length).toBeGreaterThan(0);
    for (const each of secrets) expect(JSON.stringify(rows) + metabase.muster.logged()).not.toContain(each);
  });
});

describe('signing out', () => {
  test('case 138: it is 204, the session is over and its cookies are taken back', async () => {
    const member = await makeSomebody(metabase);
    const client = await clientFor(metabase, member);
    const answer = await client.delete('/api/session');
    expect([answer.status, answer.body]).toEqual([204, '']);
    expect(cookiesOf(answer)).toEqual(
      ['SESSION', 'EMBEDDED_SESSION', 'TIMEOUT'].map(
        (name) => `metabase.${name}=; Path=/; Expires=Thu, 1 Jan 1970 00:00:00 GMT`,
      ),
    );
    expect((await client.get('/api/user/current')).status).toBe(401);
    const again = await client.delete('/api/session');
    expect([again.status, again.body]).toEqual([404, 'Not found.']);
  });

  test('without a session, and with a key, there is nothing to end', async () => {
    const key = await metabase.muster.connect({ dialect: 'metabase' });
    for (const headers of [undefined, { 'X-API-Key': key }]) {
      expect((await metabase.with(headers).delete('/api/session')).status).toBe(404);
    }
  });

  test('it ends the session that counts, and not one that stands beside it', async () => {
    const member = await makeSomebody(metabase);
    const [one, other] = [await tokenFor(metabase, member), await tokenFor(metabase, member)];
    const stale = 'metabase.SESSION=00000000-0000-4000-8000-000000000000';
    expect((await metabase.with({ Cookie: stale, 'X-Metabase-Session': one }).delete('/api/session')).status).toBe(204);
    const statuses = [one, other].map(
      async (token) => (await metabase.with({ 'X-Metabase-Session': token }).get('/api/user/current')).status,
    );
    expect(await Promise.all(statuses)).toEqual([401, 200]);
  });
});

describe('the properties', () => {
  const keysFor = async (headers?: Record<string, string>) =>
    Object.keys((await metabase.with(headers).get('/api/session/properties')).body);

  test('case 144: nobody sees fewer than somebody, and he fewer than a superuser', async () => {
    const anonymous = await keysFor();
    const person = Object.keys((await metabase.as('rasta').get('/api/session/properties')).body);
    const superuser = Object.keys((await metabase.as('crowberto').get('/api/session/properties')).body);
    expect(person).toEqual(expect.arrayContaining(anonymous));
    expect(superuser).toEqual(expect.arrayContaining(person));
    expect(anonymous.length).toBeLessThan(person.length);
    expect(person.length).toBeLessThan(superuser.length);
  });

  test('they say what clients read, and that the server is set up', async () => {
    const { status, body } = await metabase.with().get('/api/session/properties');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      'setup-token': null,
      'has-user-setup': true,
      'enable-password-login': true,
      'site-url': metabase.muster.server.url,
      'password-complexity': { total: 6, digit: 1 },
      'token-features': { advanced_permissions: false },
    });
    expect(body.version.tag).toMatch(/^v0\.52\.\d+$/);
  });

  test('case 145: they are in the language that is asked for', async () => {
    const localesIn = async (locale: string) =>
      (await metabase.with({ 'X-Metabase-Locale': locale }).get('/api/session/properties')).body['available-locales'];
    expect(await localesIn('ru')).toContainEqual(['ru', 'русский']);
    expect(await localesIn('pt_BR')).toContainEqual(['ru', 'russo']);
    for (const other of ['en', 'zz', 'no locale', '']) {
      expect(await localesIn(other)).toContainEqual(['ru', 'Russian']);
    }
  });

  test('health is said to everybody', async () => {
    const answer = await metabase.with().get('/api/health');
    expect([answer.status, answer.body]).toEqual([200, { status: 'ok' }]);
  });
});

test.each([
  ['weak', ['passw'], ['password', '123456']],
  ['normal', ['passw', 'abcdefgh', 'password1', '123456'], ['p@ssword1x']],
  ['strong', ['abcdefgh', 'Passw0rdAgain', 'PASSW0RD!'], ['PAssw0rd!again']],
] as const)('on the level %s a password is checked as in Metabase', async (passwords, bad, good) => {
  const client = (await metabase.beside({ passwords })).with();
  for (const each of [...bad, '', 7, null, undefined]) {
    const answer = await client.post('/api/util/password_check', { password: each });
    expect([answer.status, answer.body]).toEqual([400, { errors: { password: 'password is too common.' } }]);
  }
  for (const each of good) {
    const answer = await client.post('/api/util/password_check', { password: each });
    expect([answer.status, answer.body]).toEqual([200, { valid: true }]);
  }
});
