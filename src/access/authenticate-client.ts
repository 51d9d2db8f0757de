import type { Caller } from '#domain/caller.ts';
import { Fault } from '#domain/fault.ts';
import type { ClientCredential } from '#store/access-tokens.ts';
import { type ConnectionHolder, findHolders } from '#store/connections.ts';
import type { Db } from '#store/database.ts';
import { checkAssertion, claimedClient, type Proved } from './check-assertion.ts';
import { connectionCaller, type Origin } from './connection-caller.ts';
import type { LimitRequests } from './request-limits.ts';
import { countFailedClient } from './sign-in-limits.ts';
import { hashToken, isToken } from './token.ts';
import type { NoteUse } from './token-uses.ts';

/** How an OAuth client proves who it is: RFC 6749 section 2.3, RFC 7523 section 2.2. Its id is that of a connection. */
export type ClientProof =
  | { readonly kind: 'secret'; readonly clientId: string; readonly secret: string }
  | { readonly kind: 'assertion'; readonly clientId?: string | undefined; readonly assertion: string };

/** A connection that proved who it is, and by what. */
export interface ProvedClient {
  readonly caller: Caller;
  readonly credential: ClientCredential;
}

/** Finds out which connection asks for an access token. */
export type AuthenticateClient = (proof: ClientProof, origin: Origin) => Promise<ProvedClient>;

/** What finding out which connection asks needs. */
export interface AuthenticateClientParts {
  readonly db: Db;
  readonly noteUse: NoteUse;
  readonly limitRequests: LimitRequests;
  /** For whom an assertion may be made out: the token endpoint or the issuer. */
  readonly audiences: readonly string[];
}

/**
 * Makes the check of OAuth clients. Raises `unauthenticated`, with the same words for an unknown client and a wrong
 * secret, and `rate_limited` when a client id or an address fails too often, or the connection asks too often. Spends
 * nothing: what was refused for now can be sent again.
 */
export function buildAuthenticateClient(parts: AuthenticateClientParts): AuthenticateClient {
  return async (proof, origin) => {
    const { db } = parts;
    const { address } = origin;
    const proved = await provedBy(proof, parts, address);
    if (proved === undefined) {
      await countFailedClient(db, { name: claimedName(proof), address });
      throw unknownClient();
    }
    parts.limitRequests(proved.holder);
    return { caller: connectionCaller(proved.holder, origin), credential: proved.credential };
  };
}

/** What a client hears that proved nothing: `unauthenticated`, whatever is wrong. */
export function unknownClient(): Fault {
  return new Fault('unauthenticated', 'the client is unknown, or its secret or assertion is not good', {
    wrongCredential: true,
  });
}

/** Whom the client says it is; none of it need be true. */
function claimedName(proof: ClientProof): string {
  const claimed = proof.clientId ?? (proof.kind === 'assertion' ? claimedClient(proof.assertion) : undefined);
  return (claimed ?? '').toLowerCase();
}

async function provedBy(
  proof: ClientProof,
  { db, noteUse, audiences }: AuthenticateClientParts,
  address: string | undefined,
): Promise<Proved | undefined> {
  if (proof.kind === 'assertion') {
    const proved = await checkAssertion(db, proof.assertion, audiences);
    return proof.clientId === undefined || isOf(proved?.holder, proof.clientId) ? proved : undefined;
  }
  if (!isToken(proof.secret)) return undefined;
  const hash = hashToken(proof.secret);
  const holder = (await findHolders(db, [hash])).get(hash.toString('hex'));
  if (holder?.kind !== 'secret' || !isOf(holder, proof.clientId)) return undefined;
  noteUse(hash, address);
  return { holder, credential: { kind: 'secret', hash } };
}

function isOf(holder: ConnectionHolder | undefined, clientId: string): boolean {
  return holder?.connection === clientId.toLowerCase();
}
