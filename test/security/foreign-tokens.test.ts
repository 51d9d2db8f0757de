import { randomUUID } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, exportSPKI, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTenant } from '#operations/create-tenant.ts';
import { revokeConnection } from '#operations/revoke-connection.ts';
import { distrustEntra, entraAudience, trustEntra } from '#operations/trust-entra.ts';
import { expectError } from '#test/dialects/scim/scim-client.ts';
import { type Answer, type Muster, startMuster } from '#test/support/muster.ts';

const contoso = randomUUID();
const fabrikam = randomUUID();

let entra: Server;
let muster: Muster;
let keys: { publicKey: CryptoKey; privateKey: CryptoKey };
let keySet: string;
let answerKeys: RequestListener;
let asked: string[] = [];

beforeAll(async () => {
  keys = await generateKeyPair('RS256', { extractable: true });
  keySet = JSON.stringify({ keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'one', use: 'sig' }] });
  answerKeys = (_request, response) => response.end(keySet);
  entra = createServer((request, response) => {
    asked.push(request.url ?? '');
    answerKeys(request, response);
  });
  await new Promise<void>((listening) => entra.listen(0, '127.0.0.1', listening));
  const { port } = entra.address() as AddressInfo;
  muster = await startMuster({ entraAuthority: `http://127.0.0.1:${port}` });
  await connectEntra(contoso, 'entra');
});
afterAll(async () => {
  await muster.stop();
  entra.close();
});

async function connectEntra(entraTenant: string, name: string, tenant = 'default'): Promise<void> {
  await muster.connect({ name, tenant, profile: 'entra' });
  await trustEntra(await muster.admin(tenant), muster.db, name, { entraTenant, audience: entraAudience });
}

const now = () => Math.floor(Date.now() / 1_000);

interface Wish {
  readonly of?: string;
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
  readonly key?: CryptoKey | Uint8Array;
}

/** A token as Entra makes it, but for what is wished. */
function newToken({ of = contoso, claims = {}, header = {}, key = keys.privateKey }: Wish = {}): Promise<string> {
  const iss = `https://sts.windows.net/${of}/`;
  return new SignJWT({ iss, aud: entraAudience, tid: of, nbf: now() - 5, exp: now() + 3_600, ...claims })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: 'one', ...header })
    .sign(key);
}

const list = (token: string): Promise<Answer> => muster.send(token, 'GET', '/Users');

function expectRefused(answer: Answer, like?: Answer): void {
  expectError(answer, 401);
  expect(answer.headers.get('www-authenticate')).toContain('error="invalid_token"');
  if (like !== undefined) expect(answer.body).toEqual(like.body);
}

describe('Q-ENTRA-28: a token that Entra makes itself', () => {
  test('opens SCIM for the connection that trusts its Entra tenant, and its keys are fetched once', async () => {
    asked = [];
    const made = await muster.send(await newToken(), 'POST', '/Users', { userName: 'ada' });
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    expect((await list(await newToken())).body.totalResults).toBe(1);
    const forms = [`https://login.microsoftonline.com/${contoso}/v2.0`];
    for (const iss of forms) expect((await list(await newToken({ claims: { iss } }))).status).toBe(200);
    expect(asked).toEqual([`/${contoso}/discovery/v2.0/keys`]);
  });

  test('S-07: is refused when it is another than the connection trusts, with the words for any other', async () => {
    const wrong = await list('wrong');
    expectRefused(wrong);
    const stranger = await generateKeyPair('RS256');
    const publicText = Buffer.from(await exportSPKI(keys.publicKey));
    const jwkText = Buffer.from(JSON.stringify(await exportJWK(keys.publicKey)));
    const good = await newToken();
    const [, body = '', signature = ''] = good.split('.');
    const none = Buffer.from('{"alg":"none","typ":"JWT","kid":"one"}').toString('base64url');
    const tokens: Readonly<Record<string, string>> = {
      'another Entra tenant, same audience, same keys': await newToken({ of: fabrikam }),
      'another issuer': await newToken({ claims: { iss: 'https://example.org/' } }),
      'an issuer that only begins well': await newToken({ claims: { iss: `https://sts.windows.net/${contoso}/x` } }),
      'an issuer that only ends well': await newToken({ claims: { iss: `https://evil.example/${contoso}/v2.0` } }),
      'no issuer': await newToken({ claims: { iss: undefined } }),
      'another tenant within': await newToken({ claims: { tid: fabrikam } }),
      'another audience': await newToken({ claims: { aud: 'https://graph.microsoft.com' } }),
      'several audiences': await newToken({ claims: { aud: [entraAudience, 'x'] } }),
      'no audience': await newToken({ claims: { aud: undefined } }),
      expired: await newToken({ claims: { exp: now() - 120 } }),
      'not yet valid': await newToken({ claims: { nbf: now() + 300 } }),
      'without end': await newToken({ claims: { exp: undefined } }),
      'another key': await newToken({ key: stranger.privateKey }),
      'an unknown key': await newToken({ header: { kid: 'two' } }),
      'alg none': `${none}.${body}.`,
      'alg none with the signature': `${none}.${body}.${signature}`,
      'HS256 with the public key': await newToken({ key: publicText, header: { alg: 'HS256' } }),
      'HS256 with the public key as JWK': await newToken({ key: jwkText, header: { alg: 'HS256' } }),
      'changed body': `${good.split('.')[0]}.${body.slice(0, -4)}AAAA.${signature}`,
      'no JWT': 'a.b.c',
      'too long': `${good}${'A'.repeat(9_000)}`,
    };
    for (const [what, token] of Object.entries(tokens)) {
      const answer = await list(token);
      expect(answer.status, what).toBe(401);
      expectRefused(answer, wrong);
    }
    expect(muster.logged()).not.toContain(good);
  });

  test('S-17: nobody but the Entra tenants that are trusted is asked for keys', async () => {
    asked = [];
    const jku = `http://127.0.0.1:${(entra.address() as AddressInfo).port}/evil`;
    expectRefused(await list(await newToken({ of: fabrikam, header: { jku, x5u: jku } })));
    expect((await list(await newToken({ header: { jku } }))).status).toBe(200);
    expect(asked).toEqual([]);
  });

  test('is of no use for another API', async () => {
    const headers = { Authorization: `Bearer ${await newToken()}` };
    expect((await fetch(`${muster.server.url}/admin/v1/users`, { headers })).status).toBe(401);
  });

  test('is refused at the next request when the connection is revoked, or trusts nobody any more', async () => {
    const tenant = randomUUID();
    await connectEntra(tenant, 'short');
    expect((await list(await newToken({ of: tenant }))).status).toBe(200);
    await distrustEntra(await muster.admin(), muster.db, 'short');
    expectRefused(await list(await newToken({ of: tenant })));
    await trustEntra(await muster.admin(), muster.db, 'short', { entraTenant: tenant, audience: entraAudience });
    expect((await list(await newToken({ of: tenant }))).status).toBe(200);
    await revokeConnection(await muster.admin(), muster.db, 'short');
    expectRefused(await list(await newToken({ of: tenant })));
  });

  test('stands for one connection among all tenants, and whoever has no right over all cannot claim it', async () => {
    await createTenant(await muster.admin(), muster.db, 'rival');
    const tenant = randomUUID();
    await connectEntra(tenant, 'first');
    const issuer = { entraTenant: tenant.toUpperCase(), audience: entraAudience };
    await muster.connect({ name: 'second', tenant: 'rival' });
    const operator = await muster.admin('rival');
    const taken = trustEntra(operator, muster.db, 'second', issuer);
    await expect(taken).rejects.toMatchObject({ kind: 'already_exists' });
    const rights = operator.rights.filter((right) => right !== 'operator');
    const claimed = trustEntra({ ...operator, rights }, muster.db, 'second', { ...issuer, entraTenant: randomUUID() });
    await expect(claimed).rejects.toMatchObject({ kind: 'forbidden' });
    await trustEntra(await muster.admin(), muster.db, 'first', issuer);
    await revokeConnection(await muster.admin(), muster.db, 'first');
    await trustEntra(operator, muster.db, 'second', issuer);
    expect((await list(await newToken({ of: tenant }))).body.totalResults).toBe(0);
  });

  test('S-26: is taken for no connection that may do more than the operator who says so', async () => {
    await muster.connect({ name: 'strong', rights: ['read', 'superuser'] });
    const operator = { ...(await muster.admin()), rights: ['operator', 'read'] as const };
    const issuer = { entraTenant: randomUUID(), audience: entraAudience };
    const trusted = trustEntra(operator, muster.db, 'strong', issuer);
    await expect(trusted).rejects.toMatchObject({ kind: 'forbidden', message: expect.stringContaining('superuser') });
  });

  test.each<[string, RequestListener]>([
    ['fail', (_request, response) => response.writeHead(500).end()],
    ['are no keys', (_request, response) => response.end('<html>')],
    ['are elsewhere', (_request, response) => response.writeHead(302, { location: '/elsewhere' }).end()],
    ['break off', (request) => request.socket.destroy()],
  ])('when the keys %s the answer is 503, since nobody knows, and is right again after it', async (name, answer) => {
    const tenant = randomUUID();
    await connectEntra(tenant, `entra ${name}`);
    const usual = answerKeys;
    answerKeys = answer;
    asked = [];
    try {
      const away = await list(await newToken({ of: tenant }));
      expectError(away, 503);
      expect(away.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
      expect(asked).toEqual([`/${tenant}/discovery/v2.0/keys`]);
    } finally {
      answerKeys = usual;
    }
    expect((await list(await newToken({ of: tenant }))).status).toBe(200);
  });
});

test('a server that is not told where the keys of Entra are refuses its tokens', async () => {
  const plain = await startMuster({ database: muster.database });
  expectRefused(await plain.send(await newToken(), 'GET', '/Users'));
  await plain.stop();
});
