import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import { beforeAll, expect, test } from 'vitest';
import { readClientKey } from '#access/client-key.ts';
import { Fault } from '#domain/fault.ts';

let rsa: JWK;
let ec: { readonly publicJwk: JWK; readonly privateJwk: JWK };

beforeAll(async () => {
  rsa = await exportJWK((await generateKeyPair('RS256', { extractable: true })).publicKey);
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  ec = { publicJwk: await exportJWK(publicKey), privateJwk: await exportJWK(privateKey) };
});

/** What is wrong with a key, in one sentence. */
async function complaintOf(text: string): Promise<string> {
  const error = await readClientKey(text).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Fault);
  expect((error as Fault).kind).toBe('invalid_value');
  return (error as Fault).message;
}

test('a public key is kept by its thumbprint, without what we do not know', async () => {
  const given = { ...ec.publicJwk, kid: 'mine', alg: 'ES256', use: 'sig', x5u: 'https://example.org', ext: true };
  const { thumbprint, jwk } = await readClientKey(JSON.stringify(given));
  expect(thumbprint).toBe(await calculateJwkThumbprint(ec.publicJwk));
  expect(jwk).toEqual({ ...ec.publicJwk, kid: 'mine', alg: 'ES256' });
  expect((await readClientKey(JSON.stringify(rsa))).jwk).toEqual(rsa);
});

test('a private key is refused, and nothing of it is said again', async () => {
  const message = await complaintOf(JSON.stringify(ec.privateJwk));
  expect(message).toMatch(/private/);
  expect(message).not.toContain(ec.privateJwk.d);
  expect(await complaintOf(`${JSON.stringify(ec.privateJwk)}}`)).not.toContain(ec.privateJwk.d);
});

test('what no signature of ours can have is refused', async () => {
  const unusable: readonly unknown[] = [
    { kty: 'oct', k: 'c2VjcmV0' },
    { kty: '__proto__' },
    { ...ec.publicJwk, crv: 'P-521' },
    { ...ec.publicJwk, y: undefined },
    { ...ec.publicJwk, x: 'a\0b' },
    { ...ec.publicJwk, use: 'enc' },
    { ...rsa, alg: 'HS256' },
    { ...rsa, alg: 'none' },
    { ...rsa, n: rsa.n?.slice(0, 170) },
    // Zeros before the number make it no larger.
    { ...rsa, n: 'A'.repeat(200) + rsa.n?.slice(0, 170) },
    // With this exponent everybody signs.
    { ...rsa, e: 'AQ' },
    // No point of the curve.
    { ...ec.publicJwk, x: 'AAAA', y: 'AAAA' },
    { ...ec.publicJwk, y: ec.publicJwk.x },
    { kty: 'OKP', crv: 'Ed25519', x: 'AAAA' },
    { keys: [rsa] },
    [rsa],
    'text',
    null,
  ];
  for (const each of unusable) expect(await complaintOf(JSON.stringify(each))).toMatch(/\S/);
  expect(await complaintOf('-----BEGIN PUBLIC KEY-----')).toMatch(/one JWK/);
  expect(await complaintOf(`{"kty":"RSA","x":"${'x'.repeat(20_000)}"}`)).toMatch(/one JWK/);
});
