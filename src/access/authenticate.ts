import type { Caller } from '#domain/caller.ts';
import { Fault } from '#domain/fault.ts';
import { findHolders, type Holder } from '#store/connections.ts';
import type { Db } from '#store/database.ts';
import { hashToken, isToken } from './token.ts';

/** What a request brings to show who sends it. A dialect knows where its clients put the token. */
export interface Proof {
  /** Absent when no credential was sent; the empty text when one was sent that holds no token. */
  readonly token?: string | undefined;
  readonly dialect: string;
  readonly requestId: string;
  readonly address?: string | undefined;
}

/** Finds out who sends a request. */
export type Authenticate = (proof: Proof) => Promise<Caller>;

const bearer = /^Bearer +([^\s,]+) *$/i;

/** The token of an `Authorization` header, RFC 6750 section 2.1; the empty text when the header holds none. */
export function readBearer(authorization: string | undefined): string | undefined {
  return authorization === undefined ? undefined : (bearer.exec(authorization)?.[1] ?? '');
}

/**
 * Makes the way from a token to a caller. Every token is looked up at every request, so revocation holds at the next
 * one on every node; requests that arrive while a look-up is under way share the next. Raises `unauthenticated`, with
 * the same words whatever is wrong.
 */
export function buildAuthenticate(db: Db): Authenticate {
  const holderOf = sharedLookup(db);
  return async ({ token, dialect, requestId, address }) => {
    const holder = token !== undefined && isToken(token) ? await holderOf(hashToken(token)) : undefined;
    if (holder === undefined || holder.dialect !== dialect) throw unauthenticated(token !== undefined);
    return { ...holder, requestId, ...(address !== undefined && { address }) };
  };
}

function unauthenticated(wasSent: boolean): Fault {
  return new Fault('unauthenticated', 'send a valid token of this API as "Authorization: Bearer ..."', {
    ...(wasSent && { wrongCredential: true as const }),
  });
}

function sharedLookup(db: Db): (hash: Buffer) => Promise<Holder | undefined> {
  let waiting: Map<string, Buffer> = new Map();
  let next: Promise<ReadonlyMap<string, Holder>> | undefined;
  let current: Promise<unknown> = Promise.resolve();
  const lookUp = async () => {
    await current;
    const hashes = [...waiting.values()];
    waiting = new Map();
    next = undefined;
    const found = findHolders(db, hashes);
    current = found.catch(() => undefined);
    return found;
  };
  return async (hash) => {
    const name = hash.toString('hex');
    waiting.set(name, hash);
    next ??= lookUp();
    return (await next).get(name);
  };
}
