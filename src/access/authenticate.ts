import { type Caller, noConnection } from '#domain/caller.ts';
import { Fault } from '#domain/fault.ts';
import { findHolders, type Holder } from '#store/connections.ts';
import type { Db } from '#store/database.ts';
import { connectionCaller } from './connection-caller.ts';
import type { LimitRequests } from './request-limits.ts';
import { type SessionUse, sessionCaller } from './session-caller.ts';
import { hashToken, isToken } from './token.ts';
import type { NoteUse } from './token-uses.ts';
import type { VerifyEntraToken } from './verify-entra-token.ts';

/** What a request brings to show who sends it. A dialect knows where its clients put the token. */
export interface Proof extends SessionUse {
  /** Absent when no credential was sent; the empty text when one was sent that holds no token. */
  readonly token?: string | undefined;
  /** Hears whose token it is, also where he is refused: it may be good elsewhere. */
  readonly noteAsker?: ((asker: Asker) => void) | undefined;
}

/** Whose token a request comes with, whatever he may do. */
export interface Asker {
  readonly tenant: number;
  readonly connection: string;
  readonly person?: string;
}

/** Finds out who sends a request. */
export type Authenticate = (proof: Proof) => Promise<Caller>;

/** Whether a token is a live one of a dialect, whatever its holder may do. To be looked at counts as no request. */
export type IsLive = (dialect: string, token: string) => Promise<boolean>;

/** Finds whose a token of ours is, whatever it is good for. Counts as no request. */
export type FindAsker = (token: string) => Promise<Asker | undefined>;

/** What can be found out by a token. */
export interface Authentication {
  readonly authenticate: Authenticate;
  readonly isLive: IsLive;
  readonly findAsker: FindAsker;
}

const bearer = /^Bearer +([^\s,]+) *$/i;

/** The token of an `Authorization` header, RFC 6750 section 2.1; the empty text when the header holds none. */
export function readBearer(authorization: string | undefined): string | undefined {
  return authorization === undefined ? undefined : (bearer.exec(authorization)?.[1] ?? '');
}

/** What finding out who sends a request needs. */
export interface AuthenticateParts {
  readonly db: Db;
  /** Hears of every token that was good, and from where it came. Nothing waits for it. */
  readonly noteUse: NoteUse;
  readonly limitRequests: LimitRequests;
  /** Absent where no tokens but our own are taken. */
  readonly verifyEntraToken?: VerifyEntraToken | undefined;
}

/**
 * Makes the way from a token to a caller. Every token is looked up at every request, so revocation holds at the next
 * one on every node; requests that arrive while a look-up is under way share the next. `authenticate` raises
 * `unauthenticated`, with the same words whatever is wrong, `rate_limited` when the connection has sent too many requests,
 * and `forbidden` for a person who has to choose a new password first; both raise `unavailable`.
 */
export function buildAuthenticate(parts: AuthenticateParts): Authentication {
  const { db, noteUse, limitRequests, verifyEntraToken } = parts;
  const holderOf = sharedLookup(db);
  const find = async (proof: Proof) => {
    const { token = '' } = proof;
    const hash = isToken(token) ? hashToken(token) : undefined;
    const holder = hash === undefined ? await verifyEntraToken?.(token) : await holderOf(hash);
    if (holder !== undefined) proof.noteAsker?.(askerOf(holder));
    const caller = holder && (await callerOf(db, holder, proof));
    return { hash, holder, caller };
  };
  return {
    authenticate: async (proof) => {
      const { hash, holder, caller } = await find(proof);
      if (holder === undefined || caller === undefined) throw unauthenticated(proof.token !== undefined);
      if (holder.kind !== 'session') limitRequests(holder);
      if (hash !== undefined) noteUse(hash, proof.address);
      return caller;
    },
    isLive: async (dialect, token) => {
      const { caller } = await find({ token, dialect, requestId: '', allowMustChange: true });
      return caller !== undefined;
    },
    findAsker: async (token) => {
      const holder = isToken(token) ? await holderOf(hashToken(token)) : undefined;
      return holder && askerOf(holder);
    },
  };
}

/** Undefined when the token is not good here: of another dialect, or of a kind that opens no API. */
async function callerOf(db: Db, holder: Holder, proof: Proof): Promise<Caller | undefined> {
  switch (holder.kind) {
    case 'token':
    case 'access':
      return holder.dialect === proof.dialect ? connectionCaller(holder, proof) : undefined;
    case 'session':
      return sessionCaller(db, holder, hashToken(proof.token ?? ''), proof);
    case 'secret':
      return undefined;
  }
}

function askerOf(holder: Holder): Asker {
  const { tenant } = holder;
  if (holder.kind === 'session') return { tenant, connection: noConnection, person: holder.person };
  return { tenant, connection: holder.connection };
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
