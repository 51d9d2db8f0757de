import type { Caller } from '#domain/caller.ts';
import { Fault } from '#domain/fault.ts';
import { findHolders, type Holder } from '#store/connections.ts';
import type { Db } from '#store/database.ts';
import { hashToken, isToken } from './token.ts';

/** Finds out who sends a token. */
export type Authenticate = (authorization: string | undefined, dialect: string, requestId: string) => Promise<Caller>;

const bearer = /^Bearer +([^\s,]+) *$/i;

/**
 * Makes the way from an `Authorization` header to a caller. Every token is looked up at every request, so revocation
 * holds at the next one on every node; requests that arrive while a look-up is under way share the next. RFC 6750 section
 * 2.1. Raises `unauthenticated`, with the same words whatever is wrong.
 */
export function buildAuthenticate(db: Db): Authenticate {
  const holderOf = sharedLookup(db);
  return async (authorization, dialect, requestId) => {
    const token = bearer.exec(authorization ?? '')?.[1];
    const holder = token !== undefined && isToken(token) ? await holderOf(hashToken(token)) : undefined;
    if (holder === undefined || holder.dialect !== dialect) {
      throw new Fault('unauthenticated', 'send a valid token of this API as "Authorization: Bearer ..."', {
        ...(authorization !== undefined && { wrongCredential: true }),
      });
    }
    return { ...holder, requestId };
  };
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
