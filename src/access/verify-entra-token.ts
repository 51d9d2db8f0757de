import { createRemoteJWKSet, decodeJwt, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { Fault } from '#domain/fault.ts';
import type { ConnectionHolder } from '#store/connections.ts';
import type { Db } from '#store/database.ts';
import { findTrusting } from '#store/trusted-issuers.ts';

/** Who sends a token that Entra made. Undefined when it is not good, whatever is wrong. Raises `unavailable`. */
export type VerifyEntraToken = (token: string) => Promise<ConnectionHolder | undefined>;

const jwtPattern = /^[\w-]+\.[\w-]+\.[\w-]*$/;
const uuidPattern = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/;
const lengthMax = 8_192;
/** How far the clocks of Entra and of this machine may be apart. */
const clockToleranceSeconds = 60;
const keyOptions = { timeoutDuration: 3_000, cooldownDuration: 30_000, cacheMaxAge: 3_600_000 };
const retryAfterSeconds = 30;

/**
 * Makes the check of tokens that Entra makes itself when its secret is left empty (Q-ENTRA-28). Their audience is the same
 * for all of Entra's customers, so the issuer alone says whose a token is; it is looked up at every request, and only
 * one that a connection trusts is asked for its keys, below `authority`, which is a setting: no client chooses a URL (S-17).
 */
export function buildVerifyEntraToken(db: Db, authority: string): VerifyEntraToken {
  const keysOf = keyCache(authority);
  return async (token) => {
    const claims = readClaims(token);
    const entraTenant = claims && entraTenantOf(claims.iss, authority);
    if (entraTenant === undefined || typeof claims?.aud !== 'string') return undefined;
    const holder = await findTrusting(db, entraTenant, claims.aud);
    if (holder === undefined || (claims.tid !== undefined && claims.tid !== entraTenant)) return undefined;
    return (await isSigned(token, keysOf(entraTenant))) ? holder : undefined;
  };
}

/** What the token says of itself; nothing of it is known to be true. */
function readClaims(token: string): JWTPayload | undefined {
  if (token.length > lengthMax || !jwtPattern.test(token)) return undefined;
  try {
    return decodeJwt(token);
  } catch {
    return undefined;
  }
}

/** The Entra tenant in the name of an issuer, in one of the two forms that Entra's tokens have. */
function entraTenantOf(issuer: unknown, authority: string): string | undefined {
  const found = uuidPattern.exec(String(issuer))?.[0];
  const forms = [
    `https://sts.windows.net/${found}/`,
    `https://login.microsoftonline.com/${found}/v2.0`,
    // The clouds of governments and of China have names of their own.
    `${authority}/${found}/v2.0`,
  ];
  return found !== undefined && forms.some((form) => form === issuer) ? found : undefined;
}

/** Whether the token was signed by one of these keys and is valid now. The algorithm is ours to choose, not the token's. */
async function isSigned(token: string, keys: JWTVerifyGetKey): Promise<boolean> {
  try {
    await jwtVerify(token, keys, {
      algorithms: ['RS256'],
      requiredClaims: ['exp'],
      clockTolerance: clockToleranceSeconds,
    });
    return true;
  } catch (error) {
    if (error instanceof errors.JOSEError) return false;
    throw error;
  }
}

/** The keys of each Entra tenant that is trusted, fetched when they are needed and kept for an hour; redirects are not followed. */
function keyCache(authority: string): (entraTenant: string) => JWTVerifyGetKey {
  const sets = new Map<string, JWTVerifyGetKey>();
  return (entraTenant) => {
    const known = sets.get(entraTenant);
    if (known !== undefined) return known;
    const remote = createRemoteJWKSet(new URL(`${authority}/${entraTenant}/discovery/v2.0/keys`), keyOptions);
    const fresh: JWTVerifyGetKey = (header, token) => remote(header, token).catch(refuseOrWait);
    sets.set(entraTenant, fresh);
    return fresh;
  };
}

/** A token without its key is refused; when the keys cannot be had nobody knows whether it is good. */
function refuseOrWait(error: unknown): never {
  const ofToken = [errors.JWKSNoMatchingKey, errors.JWKSMultipleMatchingKeys, errors.JOSENotSupported];
  if (ofToken.some((kind) => error instanceof kind)) throw error;
  throw new Fault('unavailable', 'the keys of Microsoft Entra cannot be fetched; try again later', {
    retryAfterSeconds,
    cause: error,
  });
}
