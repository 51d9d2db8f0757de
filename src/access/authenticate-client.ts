import type { Caller } from '#domain/caller.ts';
import { Fault } from '#domain/fault.ts';
import { type ConnectionHolder, findHolders } from '#store/connections.ts';
import type { Db } from '#store/database.ts';
import { checkAssertion, claimedClient } from './check-assertion.ts';
import { connectionCaller, type Origin } from './connection-caller.ts';
import type { LimitRequests } from './request-limits.ts';
import { countFailedClient } from './sign-in-limits.ts';
import { hashToken, isToken } from './token.ts';
import type { NoteUse } from './token-uses.ts';

/** How an OAuth client proves who it is: RFC 6749 section 2.3, RFC 7523 section 2.2. Its id is that of a connection. */
export type ClientProof =
  | { readonly kind: 'secret'; readonly clientId: string; readonly secret: string }
  | { readonly kind: 'assertion'; readonly clientId?: string | undefined; readonly assertion: string };

/** Finds out which connection asks for an access token. */
export type AuthenticateClient = (proof: ClientProof, origin: Origin) => Promise<Caller>;

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
 * secret, and `rate_limited` when a client id or an address fails too often, or the connection asks too often.
 */
export function buildAuthenticateClient(parts: AuthenticateClientParts): AuthenticateClient {
  return async (proof, origin) => {
    const { db } = parts;
    const { address } = origin;
    const holder = await holderOf(proof, parts, address);
    if (holder === undefined) {
      await countFailedClient(db, { name: claimedName(proof), address });
      throw new Fault('unauthenticated', 'the client is unknown, or its secret or assertion is not good', {
        wrongCredential: true,
      });
    }
    parts.limitRequests(holder);
    return connectionCaller(holder, origin);
  };
}

/** Whom the client says it is; none of it need be true. */
function claimedName(proof: ClientProof): string {
  const claimed = proof.clientId ?? (proof.kind === 'assertion' ? claimedClient(proof.assertion) : undefined);
  return (claimed ?? '').toLowerCase();
}

async function holderOf(
  proof: ClientProof,
  { db, noteUse, audiences }: AuthenticateClientParts,
  address: string | undefined,
): Promise<ConnectionHolder | undefined> {
  if (proof.kind === 'assertion') {
    const holder = await checkAssertion(db, proof.assertion, audiences);
    return proof.clientId === undefined || isOf(holder, proof.clientId) ? holder : undefined;
  }
  if (!isToken(proof.secret)) return undefined;
  const hash = hashToken(proof.secret);
  const holder = (await findHolders(db, [hash])).get(hash.toString('hex'));
  if (holder?.kind !== 'secret' || !isOf(holder, proof.clientId)) return undefined;
  noteUse(hash, address);
  return holder;
}

function isOf(holder: ConnectionHolder | undefined, clientId: string): boolean {
  return holder?.connection === clientId.toLowerCase();
}
