import { type CryptoKey, exportJWK, type GenerateKeyPairResult, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { addConnectionKey } from '#operations/add-connection-key.ts';
import { removeConnectionKey } from '#operations/remove-connection-key.ts';
import { revokeConnection } from '#operations/revoke-connection.ts';
import { clearSpentAssertions } from '#store/spent-assertions.ts';
import { type Muster, startMuster } from '#test/support/muster.ts';
import { withClient } from '#test/support/with-client.ts';
import { askToken, expectError, grant } from './oauth-client.ts';

let muster: Muster;
let other: Muster;
let client: string;
let pair: GenerateKeyPairResult;

beforeAll(async () => {
  muster = await startMuster();
  other = await startMuster({ database: muster.database });
  await muster.connect({ name: 'client' });
  pair = await generateKeyPair('ES256', { extractable: true });
  const jwk = JSON.stringify(await exportJWK(pair.publicKey));
  client = (await addConnectionKey(await muster.admin(), muster.db, 'client', jwk)).connection;
});
afterAll(() => Promise.all([muster.stop(), other.stop()]));
beforeEach(() => run('truncate limiter'));

const run = (text: string) => withClient(muster.database.connection, (db) => db.query(text));

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
let ids = 0;
const seconds = () => Math.floor(Date.now() / 1_000);
const claims = (changes: Readonly<Record<string, unknown>> = {}) => {
  ids += 1;
  return {
    ...{ iss: client, sub: client, jti: `id-${ids}` },
    ...{ aud: `${muster.server.url}/oauth/token`, exp: seconds() + 60, ...changes },
  };
};
const sign = (
  payload: Readonly<Record<string, unknown>>,
  key: CryptoKey | Uint8Array = pair.privateKey,
  alg = 'ES256',
) => new SignJWT(payload).setProtectedHeader({ alg }).sign(key);
const send = (client_assertion: string, more: Readonly<Record<string, string>> = {}, server = muster) =>
  askToken(server, { ...grant, client_assertion_type: assertionType, client_assertion, ...more });

describe('R-012: a signed assertion', () => {
  test('gets a token, made out to the token endpoint or to the issuer, with the client id or without', async () => {
    const answer = await send(await sign(claims()));
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    expect((await muster.send(answer.body.access_token, 'GET', '/Users')).status).toBe(200);
    expect((await send(await sign(claims({ aud: [muster.server.url] })))).status).toBe(200);
    expect((await send(await sign(claims()), { client_id: client })).status).toBe(200);
  });

  test('S-07: is refused when it was sent before, on every node, until it has expired', async () => {
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
  ])('%s is refused', async (_what, changes) => {
    const text = JSON.stringify(claims(changes)).replace('"URL"', JSON.stringify(muster.server.url));
    expectError(await send(await sign(JSON.parse(text))), 401, 'invalid_client');
  });

  test('S-07: is refused with another key, with none, and with the public key as a shared one', async () => {
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

  test('is refused with a key that the connection no longer has, and what it got ends; its other keys go on', async () => {
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
    const { access_token } = (await send(await signed(first))).body;
    expect((await muster.send(access_token, 'GET', '/Users')).status).toBe(200);
    await removeConnectionKey(admin, muster.db, 'signer', first.key);
    expect((await muster.send(access_token, 'GET', '/Users')).status).toBe(401);
    expectError(await send(await signed(first)), 401, 'invalid_client');
    expect((await send(await signed(second))).status).toBe(200);
    await revokeConnection(admin, muster.db, 'signer');
    expectError(await send(await signed(second)), 401, 'invalid_client');
  });
});
