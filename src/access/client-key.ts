import { type AsymmetricKeyDetails, createPublicKey } from 'node:crypto';
import { calculateJwkThumbprint } from 'jose';
import { Fault } from '#domain/fault.ts';
import type { ClientKey } from '#store/client-keys.ts';

/** The signatures that assertions may have: RFC 7518 section 3.1 and RFC 8037; none that a public key could make. */
export const assertionAlgorithms = ['RS256', 'PS256', 'ES256', 'EdDSA'] as const;

/** What a public key of each kind consists of, and what says that it is one: RFC 7518 section 6, RFC 8037 section 2. */
const kinds = {
  RSA: { members: ['n', 'e'], curve: undefined },
  EC: { members: ['crv', 'x', 'y'], curve: 'P-256' },
  OKP: { members: ['crv', 'x'], curve: 'Ed25519' },
} as const;
const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k'];
const rsaBitsMin = 2_048;
/** With the exponent 1 a signature is what it signs. */
const rsaExponentMin = 3n;
const textMax = 16_384;

/**
 * Reads a public key that an integration signs with: one JWK, RFC 7517, RSA of 2048 bits or more, P-256 or Ed25519. Only
 * its public members are kept. Raises `invalid_value`.
 */
export async function readClientKey(text: string): Promise<ClientKey> {
  const given = readObject(text);
  if (privateMembers.some((name) => name in given)) {
    throw unusable('this is a private or shared key, which belongs to the client alone; give the public half');
  }
  const kind = Object.hasOwn(kinds, String(given.kty)) ? kinds[given.kty as keyof typeof kinds] : undefined;
  if (kind === undefined || given.crv !== kind.curve) {
    throw unusable('the key should be one JWK: RSA, EC with P-256, or OKP with Ed25519');
  }
  const { use, kid, alg } = given;
  if (use !== undefined && use !== 'sig') throw unusable('the key is not for signatures; "use" should be "sig"');
  if (alg !== undefined && !assertionAlgorithms.some((known) => known === alg)) {
    throw unusable(`"alg" should be one of ${assertionAlgorithms.join(', ')}, or absent`);
  }
  const jwk: Record<string, string> = { kty: String(given.kty) };
  for (const name of kind.members) jwk[name] = textOf(given, name);
  if (kid !== undefined) jwk.kid = textOf(given, 'kid');
  if (alg !== undefined) jwk.alg = textOf(given, 'alg');
  const { modulusLength = rsaBitsMin, publicExponent = rsaExponentMin } = detailsOf(jwk);
  if (modulusLength < rsaBitsMin) throw unusable(`an RSA key should have ${rsaBitsMin} bits or more`);
  if (publicExponent < rsaExponentMin) throw unusable('the exponent of the key should be 65537, as is usual');
  return { thumbprint: await calculateJwkThumbprint(jwk), jwk };
}

/** A key that no library can read would refuse every assertion later, and nobody would know why. */
function detailsOf(jwk: Readonly<Record<string, string>>): AsymmetricKeyDetails {
  try {
    return createPublicKey({ key: jwk, format: 'jwk' }).asymmetricKeyDetails ?? {};
  } catch {
    throw unusable('the members of the key are no public key of its kind');
  }
}

function readObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = text.length > textMax ? undefined : JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // The message of the parser shows what it read, which may be a private key.
  }
  throw unusable('the key should be one JWK: a JSON object with the members of RFC 7517');
}

function textOf(given: Readonly<Record<string, unknown>>, name: string): string {
  const value = given[name];
  if (typeof value === 'string' && value !== '' && value.length <= 1_024 && !value.includes('\0')) return value;
  throw unusable(`the member "${name}" of the key should be a text`);
}

function unusable(message: string): Fault {
  return new Fault('invalid_value', message, { attribute: 'jwk' });
}
