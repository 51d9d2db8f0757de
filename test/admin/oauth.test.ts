import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { checkSignInLimit } from '#access/sign-in-limits.ts';
import { oauthMetadata } from '#admin/oauth.ts';
import { readConfig } from '#config.ts';
import { dialects } from '#dialects/index.ts';
import { placeApis } from '#dialects/mount.ts';
import { domainLimits } from '#domain/limits.ts';
import { getConnection } from '#operations/get-connection.ts';
import { issueSecret } from '#operations/issue-secret.ts';
import { revokeConnection } from '#operations/revoke-connection.ts';
import { revokeToken } from '#operations/revoke-token.ts';
import { clearAccessTokens } from '#store/access-tokens.ts';
import { type Muster, startMuster } from '#test/support/muster.ts';
import { withClient } from '#test/support/with-client.ts';
import { askToken, expectError, grant, newClient } from './oauth-client.ts';

let muster: Muster;
let other: Muster;
let client: { connection: string; secret: string };

beforeAll(async () => {
  muster = await startMuster();
  other = await startMuster({ database: muster.database });
  client = await newClient(muster, 'client');
});
afterAll(() => Promise.all([muster.stop(), other.stop()]));
beforeEach(() => run('truncate limiter'));

const run = (text: string, values: readonly unknown[] = []) =>
  withClient(muster.database.connection, (db) => db.query(text, [...values]));

const ask = (form: Parameters<typeof askToken>[1], headers = {}, server = muster) => askToken(server, form, headers);
const basic = (id: string, secret: string) => ({
  Authorization: `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`,
});
const posted = () => ({ ...grant, client_id: client.connection, client_secret: client.secret });

describe('client credentials', () => {
  test('a secret, in the header or in the form, gets a token that works for SCIM', async () => {
    for (const answer of [await ask(posted()), await ask(grant, basic(client.connection, client.secret))]) {
      expect(answer.status, JSON.stringify(answer.body)).toBe(200);
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
      expect(answer.body).toEqual({
        access_token: expect.stringMatching(/^mst_/),
        token_type: 'Bearer',
        expires_in: 3_600,
        scope: 'scim',
      });
      expect((await muster.send(answer.body.access_token, 'GET', '/Users')).status).toBe(200);
      expect((await other.send(answer.body.access_token, 'GET', '/Users')).status).toBe(200);
    }
  });

  test('S-07: the secret itself is no token, and a token is no secret', async () => {
    expect((await muster.send(client.secret, 'GET', '/Users')).status).toBe(401);
    const { access_token } = (await ask(posted())).body;
    expectError(await ask({ ...posted(), client_secret: access_token }), 401, 'invalid_client');
    const token = await muster.connect();
    expectError(await ask({ ...posted(), client_secret: token }), 401, 'invalid_client');
  });

  test('a wrong secret, an unknown client and the secret of another are told apart by nothing', async () => {
    const stranger = await newClient(muster, 'stranger');
    const wrong = `${client.secret.slice(0, -1)}${client.secret.endsWith('a') ? 'b' : 'a'}`;
    const answers = await Promise.all([
      ask({ ...posted(), client_secret: wrong }),
      ask({ ...posted(), client_secret: stranger.secret }),
      ask({ ...posted(), client_id: '01890000-0000-7000-8000-000000000000' }),
      ask({ ...posted(), client_id: 'nobody\0' }),
      ask(grant, basic('nobody', client.secret)),
    ]);
    for (const answer of answers) {
      expectError(answer, 401, 'invalid_client');
      expect(answer.headers.get('www-authenticate')).toMatch(/^Basic /);
    }
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(muster.logged()).not.toContain(client.secret);
  });

  test('an access token ends with its time, with its connection and with the limit on them, on every node', async () => {
    const short = await newClient(muster, 'short');
    const form = { ...grant, client_id: short.connection, client_secret: short.secret };
    const first = (await ask(form)).body.access_token;
    expect((await other.send(first, 'GET', '/Users')).status).toBe(200);
    await run(
      `insert into credential (tenant, connection, kind, hash, prefix, expires_at)
        select tenant, id, 'access', sha256(n::text::bytea), 'x', now() + interval '1 hour'
        from connection, generate_series(1, $1) n where name = 'short'`,
      [domainLimits.accessTokens],
    );
    const second = (await ask(form)).body.access_token;
    const { tokens } = await getConnection(await muster.admin(), muster.db, 'short');
    expect(tokens.slice(0, 3).map(({ kind }) => kind)).toEqual(['secret', 'token', 'access']);
    expect((await other.send(second, 'GET', '/Users')).status).toBe(200);
    expect((await other.send(first, 'GET', '/Users')).status).toBe(401);
    await run(`update credential set expires_at = now() where kind = 'access' and connection = $1`, [short.connection]);
    expect((await other.send(second, 'GET', '/Users')).status).toBe(401);
    await clearAccessTokens(muster.db);
    const left = await run(`select 1 from credential where kind = 'access' and connection = $1`, [short.connection]);
    expect(left.rowCount).toBe(0);
    const third = (await ask(form)).body.access_token;
    await revokeConnection(await muster.admin(), muster.db, 'short');
    expect((await other.send(third, 'GET', '/Users')).status).toBe(401);
    expectError(await ask(form), 401, 'invalid_client');
  });

  test('two secrets live at a time, so that one can be replaced', async () => {
    const one = await newClient(muster, 'rotated');
    const form = (secret: string) => ({ ...grant, client_id: one.connection, client_secret: secret });
    const two = await issueSecret(await muster.admin(), muster.db, 'rotated', 365);
    expect((await ask(form(one.secret))).status).toBe(200);
    const three = await issueSecret(await muster.admin(), muster.db, 'rotated', 365);
    expectError(await ask(form(one.secret)), 401, 'invalid_client');
    for (const { secret } of [two, three]) expect((await ask(form(secret))).status).toBe(200);
    const { rows } = await run(`select changes::text from journal where resource = $1 and action = 'updated'`, [
      one.connection,
    ]);
    expect(rows).toHaveLength(3);
    expect(JSON.stringify(rows)).not.toContain(three.secret);
  });

  test('a secret that is revoked takes the access tokens with it; the other secret gets new ones', async () => {
    const leaked = await newClient(muster, 'leaked');
    const form = (secret: string) => ({ ...grant, client_id: leaked.connection, client_secret: secret });
    const next = await issueSecret(await muster.admin(), muster.db, 'leaked', 365);
    const stolen = (await ask(form(leaked.secret))).body.access_token;
    expect((await other.send(stolen, 'GET', '/Users')).status).toBe(200);
    await revokeToken(await muster.admin(), muster.db, 'leaked', leaked.prefix);
    expect((await other.send(stolen, 'GET', '/Users')).status).toBe(401);
    expectError(await ask(form(leaked.secret)), 401, 'invalid_client');
    const fresh = (await ask(form(next.secret))).body.access_token;
    expect((await other.send(fresh, 'GET', '/Users')).status).toBe(200);
    const { rows } = await run('select changes from journal where resource = $1 order by sequence desc limit 1', [
      leaked.connection,
    ]);
    expect(JSON.parse(rows[0].changes)).toEqual([{ path: 'secrets', from: [leaked.prefix] }]);
  });

  test.each<[string, Record<string, string>, string]>([
    ['no grant_type', { grant_type: '' }, 'invalid_request'],
    ['another grant_type', { grant_type: 'password' }, 'unsupported_grant_type'],
    ['a scope that the client has not', { scope: 'scim admin' }, 'invalid_scope'],
    ['two proofs', { client_assertion: 'x', client_assertion_type: 'x' }, 'invalid_request'],
    ['a secret without a client', { client_id: '' }, 'invalid_request'],
  ])('%s is 400', async (_what, changes, error) => {
    expectError(await ask({ ...posted(), ...changes }), 400, error);
  });

  test('a body that is no form, is too large, or has a name twice is refused', async () => {
    expectError(await ask('{}', { 'Content-Type': 'application/json' }), 400, 'invalid_request');
    expectError(await ask(`x=${'y'.repeat(16_384)}`), 413, 'invalid_request');
    expectError(await ask('grant_type=client_credentials&grant_type=client_credentials'), 400, 'invalid_request');
    expectError(await ask(grant), 401, 'invalid_client');
    expectError(await ask(grant, { Authorization: 'Basic !' }), 401, 'invalid_client');
    expectError(await ask(grant, { Authorization: 'Bearer x' }), 401, 'invalid_client');
  });

  test('other methods and paths are answered in the same words', async () => {
    const get = await fetch(`${muster.server.url}/oauth/token?client_secret=x`);
    expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST']);
    const lost = await fetch(`${muster.server.url}/oauth/authorize`);
    expect([lost.status, await lost.json()]).toMatchObject([404, { error: 'invalid_request' }]);
  });

  test('failures are limited by client id on all nodes together, and a good secret goes on working (T-16)', async () => {
    const tries = Array.from({ length: 40 }, (_, index) =>
      ask({ ...posted(), client_secret: 'wrong' }, {}, index % 2 === 0 ? muster : other),
    );
    const answers = await Promise.all(tries);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(domainLimits.failedSignInsPerName);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(40 - domainLimits.failedSignInsPerName);
    const refused = await ask({ ...posted(), client_secret: 'wrong' });
    expectError(refused, 429, 'temporarily_unavailable');
    expect(refused.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    expect((await ask(posted())).status).toBe(200);
    expectError(await ask({ ...posted(), client_secret: 'wrong' }), 429, 'temporarily_unavailable');
  });

  test('failures are limited by address, whatever a client says of its address', async () => {
    const limit = domainLimits.failedSignInsPerAddress;
    const answers = await Promise.all(
      Array.from({ length: limit + 5 }, (_, index) =>
        ask({ ...posted(), client_id: `nobody-${index}` }, { 'X-Forwarded-For': `203.0.113.${index}` }),
      ),
    );
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(limit);
    expectError(await ask({ ...posted(), client_id: 'nobody' }), 429, 'temporarily_unavailable');
    expect((await ask(posted())).status, 'a good secret from there').toBe(200);
    // Whoever has an old secret in a job does not lock out the people of his office.
    await checkSignInLimit(muster.db, { name: 'ada', address: '127.0.0.1' });
  });

  test('good requests at once are never failures', async () => {
    const answers = await Promise.all(Array.from({ length: 30 }, () => ask(posted())));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  });

  test('no setting makes an access token live for more than six hours', () => {
    expect(readConfig({ ACCESS_TOKEN_LIFETIME_SECONDS: '21600' }).accessTokenLifetimeSeconds).toBe(21_600);
    expect(() => readConfig({ ACCESS_TOKEN_LIFETIME_SECONDS: '21601' })).toThrow('ACCESS_TOKEN_LIFETIME_SECONDS');
  });
});

describe('R-011: metadata', () => {
  const get = async (path: string) => {
    const answer = await fetch(`${muster.server.url}${path}`);
    const body = (await answer.json()) as Record<string, unknown>;
    return { status: answer.status, type: answer.headers.get('content-type'), body };
  };

  test('the server says where tokens are and how clients prove who they are', async () => {
    const { status, type, body } = await get('/.well-known/oauth-authorization-server');
    expect([status, type]).toEqual([200, 'application/json']);
    expect(body).toMatchObject({
      issuer: muster.server.url,
      token_endpoint: `${muster.server.url}/oauth/token`,
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'private_key_jwt'],
      token_endpoint_auth_signing_alg_values_supported: ['RS256', 'PS256', 'ES256', 'EdDSA'],
      grant_types_supported: ['client_credentials'],
      scopes_supported: dialects.filter(({ credential }) => credential.scheme === 'Bearer').map(({ name }) => name),
    });
  });

  test('a resource says who gives tokens for it, and SCIM says where that stands when it refuses one', async () => {
    const refused = await muster.send('wrong', 'GET', '/Users');
    const challenge = refused.headers.get('www-authenticate') ?? '';
    expect(challenge).toMatch(/^Bearer realm="scim", error="invalid_token", resource_metadata="/);
    const url = /resource_metadata="([^"]+)"/.exec(challenge)?.[1] ?? '';
    const { status, body } = await get(url.slice(muster.server.url.length));
    expect(status).toBe(200);
    expect(body).toEqual({
      resource: `${muster.server.url}/scim/v2`,
      authorization_servers: [muster.server.url],
      scopes_supported: ['scim'],
      bearer_methods_supported: ['header'],
    });
    const whole = await get('/.well-known/oauth-protected-resource');
    expect(whole.body.resource).toBe(muster.server.url);
  });

  test('of a server whose public URL has a path is where the RFCs look for it, and below that path', async () => {
    const publicUrl = 'https://example.com/people/roll';
    const app = oauthMetadata(publicUrl, placeApis(dialects, []));
    const read = async (path: string) => (await app.request(`/.well-known${path}`)).json();
    for (const path of ['', '/people/roll']) {
      expect(await read(`/oauth-authorization-server${path}`)).toMatchObject({ issuer: publicUrl });
      expect(await read(`/oauth-protected-resource${path}`)).toMatchObject({ resource: publicUrl });
      const scim = await read(`/oauth-protected-resource${path}/scim/v2`);
      expect(scim).toMatchObject({ resource: `${publicUrl}/scim/v2`, authorization_servers: [publicUrl] });
    }
  });
});
