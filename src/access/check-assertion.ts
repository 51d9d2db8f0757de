import { createHash } from 'node:crypto';
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, type JWK, type JWTPayload, jwtVerify } from 'jose';
import { isId } from '#domain/is-id.ts';
import { domainLimits } from '#domain/limits.ts';
import type { ClientCredential } from '#store/access-tokens.ts';
import { type ClientKey, findSigningClient } from '#store/client-keys.ts';
import type { ConnectionHolder } from '#store/connections.ts';
import type { Db } from '#store/database.ts';
import { assertionAlgorithms } from './client-key.ts';

/** How far the clocks of the client and of this machine may be apart. */
const clockToleranceSeconds = 60;
const lengthMax = 8_192;

/** A connection, and by what it proved who it is. */
export interface Proved {
  readonly holder: ConnectionHolder;
  readonly credential: ClientCredential;
}

/** Whom an assertion claims to be from, RFC 7523 section 3; nothing of it is known to be true. */
export function claimedClient(assertion: string): string | undefined {
  return readClaims(assertion)?.sub;
}

/**
 * The connection that signed an assertion to prove who it is: RFC 7523 sections 2.2 and 3. Undefined when it is not good,
 * whatever is wrong: signed by no key of the connection, for another audience, or expired. Whether it was sent before is
 * found out when it gets a token: one that gets none, since there were too many requests say, can be sent again.
 */
export async function checkAssertion(
  db: Db,
  assertion: string,
  audiences: readonly string[],
): Promise<Proved | undefined> {
  const client = claimedClient(assertion);
  if (client === undefined || !isId(client)) return undefined;
  const signer = await findSigningClient(db, client);
  if (signer === undefined) return undefined;
  const verified = await verify(assertion, signer.keys, client, audiences);
  if (verified === undefined) return undefined;
  const hash = createHash('sha256').update(verified.jti).digest();
  const livesSeconds = domainLimits.assertionLifetimeSeconds + 2 * clockToleranceSeconds;
  const { thumbprint } = verified;
  return { holder: signer.holder, credential: { kind: 'key', thumbprint, assertion: { hash, livesSeconds } } };
}

function readClaims(assertion: string): JWTPayload | undefined {
  if (assertion.length > lengthMax) return undefined;
  try {
    return decodeJwt(assertion);
  } catch {
    return undefined;
  }
}

/** The algorithm is ours to choose and the key's, not the assertion's. */
async function verify(
  assertion: string,
  keys: readonly ClientKey[],
  client: string,
  audiences: readonly string[],
): Promise<{ readonly jti: string; readonly thumbprint: string } | undefined> {
  for (const { key, thumbprint } of candidates(assertion, keys)) {
    try {
      const { payload } = await jwtVerify(assertion, createLocalJWKSet({ keys: [key] }), {
        algorithms: [...assertionAlgorithms],
        issuer: client,
        subject: client,
        audience: [...audiences],
        requiredClaims: ['exp', 'jti'],
        clockTolerance: clockToleranceSeconds,
      });
      return isShort(payload) && typeof payload.jti === 'string' ? { jti: payload.jti, thumbprint } : undefined;
    } catch {
      // Another key may be the one that signed it.
    }
  }
  return undefined;
}

/** The keys that may have signed it: the one that it names, else all. */
function candidates(assertion: string, keys: readonly ClientKey[]): readonly Candidate[] {
  const kid = namedKey(assertion);
  const named = keys.filter(({ thumbprint, jwk }) => kid === undefined || kid === jwk.kid || kid === thumbprint);
  return named.map(({ thumbprint, jwk: { kid: _kid, ...jwk } }) => ({
    thumbprint,
    key: { ...jwk, ...(kid !== undefined && { kid }) } as JWK,
  }));
}

interface Candidate {
  readonly thumbprint: string;
  readonly key: JWK;
}

function namedKey(assertion: string): string | undefined {
  try {
    return decodeProtectedHeader(assertion).kid;
  } catch {
    return undefined;
  }
}

/** One audience only, so that nobody else who is meant can send it here; and not valid for longer than we remember it. */
function isShort({ aud, exp = 0 }: JWTPayload): boolean {
  const latest = Date.now() / 1_000 + domainLimits.assertionLifetimeSeconds + clockToleranceSeconds;
  return exp <= latest && (typeof aud === 'string' || aud?.length === 1);
}
