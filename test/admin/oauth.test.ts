import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readConfig } from '#config.ts';
import { domainLimits } from '#domain/limits.ts';
import { addConnectionKey } from '#operations/add-connection-key.ts';
import { issueSecret } from '#operations/issue-secret.ts';
import { removeConnectionKey } from '#operations/remove-connection-key.ts';
import { revokeConnection } from '#operations/revoke-connection.ts';
import { clearAccessTokens } from '#store/access-tokens.ts';
import { clearSpentAssertions } from '#store/spent-assertions.ts';
import { type Muster, startMuster } from '#test/support/muster.ts';
import { withClient } from '#test/support/with-client.ts';

let muster: Muster;
let other: Muster;
let client: { connection: string; secret: string };
let pair: CryptoKeyPair;

beforeAll(async () => {
  muster = await startMuster();
  other = await startMuster({ database: muster.database });
  client = await newClient('client');
  pair = (await generateKeyPair('ES256', { extractable: true })) as CryptoKeyPair;
  await addConnectionKey(await muster.admin(), muster.db, 'client', JSON.stringify(await exportJWK(pair.publicKey)));
});
afterAll(() => Promise.all([muster.stop(), other.stop()]));
beforeEach(() => run('truncate limiter'));

const run = (text: string, values: readonly unknown[] = []) =>
  withClient(muster.database.connection, (db) => db.query(text, [...values]));

async function newClient(name: string, options: Parameters<Muster['connect']>[0] = {}) {
  await muster.connect({ name, ...options });
  return issueSecret(await muster.admin(), muster.db, name, 365);
}

interface TokenAnswer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: answers and errors have different members
  readonly body: any;
}

async function ask(
  form: Readonly<Record<string, string>> | string,
  headers: Readonly<Record<string, string>> = {},
  server: Muster = muster,
): Promise<TokenAnswer> {
  const answer = await fetch(`${server.server.url}/oauth/token`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
    body: typeof form === 'string' ? form : new URLSearchParams(form).toString(),
  });
  return { status: answer.status, headers: answer.headers, body: await answer.json() };
}

const grant = { grant_type: 'client_credentials' };
const basic = (id: string, secret: string) => ({
  Authorization: `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`,
});
const posted = () => ({ ...grant, client_id: client.connection, client_secret: client.secret });

function expectError(answer: TokenAnswer, status: number, error: string): void {
  expect([answer.status, answer.body.error], JSON.stringify(answer.body)).toEqual([status, error]);
  expect(answer.body.error_description).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
  expect(answer.headers.get('cache-control')).toBe('no-store');
}

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
    const stranger = await newClient('stranger');
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
    const short = await newClient('short');
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
    const one = await newClient('rotated');
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
    expect([lost.status, (await lost.json()).error]).toEqual([404, 'invalid_request']);
  });

  test('failures are limited by client id on all nodes together, and a good secret does not help then', async () => {
    const tries = Array.from({ length: 40 }, (_, index) =>
      ask({ ...posted(), client_secret: 'wrong' }, {}, index % 2 === 0 ? muster : other),
    );
    const answers = await Promise.all(tries);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(domainLimits.failedSignInsPerName);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(40 - domainLimits.failedSignInsPerName);
    const locked = await ask(posted());
    expectError(locked, 429, 'temporarily_unavailable');
    expect(locked.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    const free = await newClient('free');
    const form = { ...grant, client_id: free.connection, client_secret: free.secret };
    expect((await ask(form)).status).toBe(200);
  });

  test('failures are limited by address, whatever a client says of its address', async () => {
    await run('update limiter set points = 0');
    const limit = domainLimits.failedSignInsPerAddress;
    const answers = await Promise.all(
      Array.from({ length: limit + 5 }, (_, index) =>
        ask({ ...posted(), client_id: `nobody-${index}` }, { 'X-Forwarded-For': `203.0.113.${index}` }),
      ),
    );
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(limit);
    expectError(await ask(posted()), 429, 'temporarily_unavailable');
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

describe('R-012: signed assertions', () => {
  const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
  let ids = 0;
  const seconds = () => Math.floor(Date.now() / 1_000);
  const claims = (changes: Readonly<Record<string, unknown>> = {}) => {
    ids += 1;
    return {
      ...{ iss: client.connection, sub: client.connection, jti: `id-${ids}` },
      ...{ aud: `${muster.server.url}/oauth/token`, exp: seconds() + 60, ...changes },
    };
  };
  const sign = (
    payload: Readonly<Record<string, unknown>>,
    key: CryptoKey | Uint8Array = pair.privateKey,
    alg = 'ES256',
  ) => new SignJWT(payload).setProtectedHeader({ alg }).sign(key);
  const send = (client_assertion: string, more: Readonly<Record<string, string>> = {}, server?: Muster) =>
    ask({ ...grant, client_assertion_type: assertionType, client_assertion, ...more }, {}, server);

  test('one gets a token, made out to the token endpoint or to the issuer, with the client id or without', async () => {
    const answer = await send(await sign(claims()));
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    expect((await muster.send(answer.body.access_token, 'GET', '/Users')).status).toBe(200);
    expect((await send(await sign(claims({ aud: [muster.server.url] })))).status).toBe(200);
    expect((await send(await sign(claims()), { client_id: client.connection })).status).toBe(200);
  });

  test('S-07: one that was sent before is refused, on every node, until it has expired', async () => {
    const assertion = await sign(claims());
    const answers = await Promise.all([send(assertion), send(assertion, {}, other), send(assertion), send(assertion)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401, 401]);
    await clearSpentAssertions(muster.db);
    expectError(await send(assertion), 401, 'invalid_client');
    await run("update spent_assertion set expires_at = now() - interval '1 second'");
    await clearSpentAssertions(muster.db);
    expect((await run('select 1 from spent_assertion')).rowCount).toBe(0);
  });

  test.each<[string, Readonly<Record<string, unknown>>]>([
    ['for another audience', { aud: 'https://example.org' }],
    ['for several audiences', { aud: ['https://example.org', 'URL'] }],
    ['without an audience', { aud: undefined }],
    ['that has expired', { exp: Math.floor(Date.now() / 1_000) - 120 }],
    ['without an end', { exp: undefined }],
    ['that lives too long', { exp: Math.floor(Date.now() / 1_000) + 3_600 }],
    ['that is not valid yet', { nbf: Math.floor(Date.now() / 1_000) + 300 }],
    ['without an id', { jti: undefined }],
    ['with a number as id', { jti: 7 }],
    ['of another issuer', { iss: 'https://example.org' }],
    ['of nobody', { iss: 'nobody', sub: 'nobody' }],
  ])('one %s is refused', async (_what, changes) => {
    const text = JSON.stringify(claims(changes)).replace('"URL"', JSON.stringify(muster.server.url));
    expectError(await send(await sign(JSON.parse(text))), 401, 'invalid_client');
  });

  test('S-07: one with another key, with none, or with the public key as a shared one is refused', async () => {
    const stranger = await generateKeyPair('ES256');
    const publicText = JSON.stringify(await exportJWK(pair.publicKey));
    const body = Buffer.from(JSON.stringify(claims())).toString('base64url');
    const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${body}.`;
    expectError(await send(await sign(claims(), stranger.privateKey)), 401, 'invalid_client');
    expectError(await send(none), 401, 'invalid_client');
    expectError(await send(await sign(claims(), Buffer.from(publicText), 'HS256')), 401, 'invalid_client');
    expectError(await send('x'), 401, 'invalid_client');
    expectError(await send(await sign(claims()), { client_id: 'another' }), 401, 'invalid_client');
    expectError(await send(await sign(claims()), { client_assertion_type: 'x' }), 400, 'invalid_request');
  });

  test('a key that a connection no longer has is refused, another of its keys goes on', async () => {
    await muster.connect({ name: 'signer' });
    const admin = await muster.admin();
    const added = await Promise.all(
      ['RS256', 'PS256', 'EdDSA'].map(async (alg) => {
        const keys = await generateKeyPair(alg, { extractable: true });
        const jwk = { ...(await exportJWK(keys.publicKey)), kid: `named ${alg}` };
        const { connection, key } = await addConnectionKey(admin, muster.db, 'signer', JSON.stringify(jwk));
        return { alg, connection, key, privateKey: keys.privateKey };
      }),
    );
    const signed = ({ alg, connection, privateKey }: (typeof added)[number], kid = `named ${alg}`) =>
      new SignJWT(claims({ iss: connection, sub: connection })).setProtectedHeader({ alg, kid }).sign(privateKey);
    for (const each of added) {
      expect((await send(await signed(each))).status, each.alg).toBe(200);
      expect((await send(await signed(each, each.key))).status, each.alg).toBe(200);
    }
    const [first, second] = added as [(typeof added)[number], (typeof added)[number]];
    await removeConnectionKey(admin, muster.db, 'signer', first.key);
    expectError(await send(await signed(first)), 401, 'invalid_client');
    expect((await send(await signed(second))).status).toBe(200);
    await revokeConnection(admin, muster.db, 'signer');
    expectError(await send(await signed(second)), 401, 'invalid_client');
  });
});

describe('R-011: metadata', () => {
  const get = async (path: string) => {
    const answer = await fetch(`${muster.server.url}${path}`);
    return { status: answer.status, type: answer.headers.get('content-type'), body: await answer.json() };
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
      scopes_supported: ['scim'],
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
});
