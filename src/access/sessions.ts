import { type Adapter, type DatabaseSession, Lucia, TimeSpan } from 'lucia';
import type { Caller } from '#domain/caller.ts';
import type { TokenForm } from '#store/connections.ts';
import type { Db, Tx } from '#store/database.ts';
import {
  deleteSession,
  deleteSessionsOf,
  findSession,
  insertSession,
  type LiveSession,
  renewSession,
} from '#store/session-rows.ts';
import { hashToken, newToken } from './token.ts';

declare module 'lucia' {
  interface Register {
    Lucia: Lucia<Attributes>;
    DatabaseSessionAttributes: LiveSession | Beginning;
  }
}

/** What the library carries around for us. */
interface Attributes {
  readonly row: LiveSession;
}

const [minute, hour, day] = [60, 3_600, 86_400];
/** As good as never: the last time that every part of the program can write. */
const forever = 7_900 * 365 * day;

interface SessionPolicy {
  readonly about: string;
  /** How long a session lasts that is not used; one that does not slide lasts so long whatever happens. */
  readonly idleSeconds: number;
  readonly slides: boolean;
  /** How long it lasts at most. */
  readonly absoluteSeconds: number;
  readonly tokenForm: TokenForm;
}

/** How long people stay signed in. A dialect names one of these. */
export const sessionPolicies = {
  own: {
    about: 'Our own pages: 8 hours after the last use, at most 24.',
    ...{ idleSeconds: 8 * hour, slides: true, absoluteSeconds: 24 * hour, tokenForm: 'mst' },
  },
  fixed: {
    about: 'Metabase: 14 days.',
    ...{ idleSeconds: 14 * day, slides: false, absoluteSeconds: 14 * day, tokenForm: 'uuid' },
  },
  sliding: {
    about: 'Idealist: 48 hours after the last use.',
    ...{ idleSeconds: 48 * hour, slides: true, absoluteSeconds: forever, tokenForm: 'uuid' },
  },
  persistent: {
    about: 'Idealist, persistent: until it is ended.',
    ...{ idleSeconds: forever, slides: false, absoluteSeconds: forever, tokenForm: 'uuid' },
  },
} as const satisfies Readonly<Record<string, SessionPolicy>>;

export type SessionPolicyName = keyof typeof sessionPolicies;

/** What a session that begins is about. */
interface Beginning {
  readonly prefix: string;
  readonly dialect: string;
  readonly policy: SessionPolicyName;
  readonly address?: string;
}

/** A session to begin: whose, and how long it lasts. */
export interface SessionWish {
  readonly person: string;
  readonly policy: SessionPolicyName;
}

/**
 * Begins a session in the transaction that lets the person in, in the dialect and from the address of the caller. Gives
 * its token, which is shown once.
 */
export async function beginSession(
  tx: Tx,
  { tenant, dialect, address }: Caller,
  { person, policy }: SessionWish,
): Promise<string> {
  const { token, hash, prefix } = newToken(sessionPolicies[policy].tokenForm);
  const beginning: Beginning = { prefix, dialect, policy, ...(address !== undefined && { address }) };
  const sessionId = idOf(tenant, hash);
  await luciaFor(writing(tx), policy).createSession(`${tenant}.${person}`, beginning, { sessionId });
  return token;
}

/**
 * The session of a token's hash, or undefined when there is none, when it has ended, or when its person is inactive or
 * locked out. A session that slides is renewed when its last renewal was a minute ago.
 */
export async function validateSession(db: Db, tenant: number, hash: Buffer): Promise<LiveSession | undefined> {
  const found = await findSession(db, tenant, hash);
  if (found === undefined) return undefined;
  const { session } = await luciaFor(reading(db, found), found.policy as SessionPolicyName).validateSession(
    idOf(tenant, hash),
  );
  return session?.row;
}

/** Ends the session of a token. */
export async function endSession(tx: Tx, tenant: number, token: string): Promise<void> {
  await luciaFor(writing(tx), 'own').invalidateSession(idOf(tenant, hashToken(token)));
}

/**
 * Ends every session of a person, and every reset that waits for him, in the transaction that gives the reason:
 * deactivation, deletion, a new password, the flag superuser, an admin.
 */
export async function endSessions(tx: Tx, tenant: number, person: string): Promise<void> {
  await luciaFor(writing(tx), 'own').invalidateUserSessions(`${tenant}.${person}`);
}

/** The library renews a session when half of its time is over; this makes it a minute, so that sliding is to the minute. */
function luciaFor(adapter: Adapter, policy: SessionPolicyName): Lucia<Attributes> {
  const { slides, idleSeconds } = sessionPolicies[policy];
  const renewedWithinSeconds = slides ? 2 * (idleSeconds - minute) : 0;
  return new Lucia<Attributes>(adapter, {
    sessionExpiresIn: new TimeSpan(renewedWithinSeconds, 's'),
    getSessionAttributes: (attributes) => ({ row: attributes as LiveSession }),
  });
}

function idOf(tenant: number, hash: Buffer): string {
  return `${tenant}.${hash.toString('hex')}`;
}

/** The tenant and the key in an id that the library hands back. */
function read(id: string): { readonly tenant: number; readonly key: string; readonly hash: Buffer } {
  const [tenant = '', key = ''] = id.split('.');
  return { tenant: Number(tenant), key, hash: Buffer.from(key, 'hex') };
}

/** What the library asks of us inside a transaction. When a session ends the database's clock decides, not ours. */
function writing(tx: Tx): Adapter {
  return {
    ...nothing,
    setSession: async ({ id, userId, attributes }) => {
      const beginning = attributes as Beginning;
      const { hash, tenant } = read(id);
      const { idleSeconds, absoluteSeconds } = sessionPolicies[beginning.policy];
      insertSession(tx, tenant, { ...beginning, hash, person: read(userId).key, idleSeconds, absoluteSeconds });
    },
    deleteSession: async (id) => deleteSession(tx, read(id).tenant, read(id).hash),
    deleteUserSessions: async (userId) => deleteSessionsOf(tx, read(userId).tenant, read(userId).key),
  };
}

/** What the library asks of us when a request comes with a token. */
function reading(db: Db, found: LiveSession): Adapter {
  const { idleSeconds } = sessionPolicies[found.policy as SessionPolicyName];
  return {
    ...nothing,
    getSessionAndUser: async (id) => {
      const userId = `${read(id).tenant}.${found.person}`;
      // The library compares with the clock of this machine, which may be another than that of the database: F-23.
      const expiresAt = new Date(Date.now() + 1_000 * found.secondsLeft);
      const session: DatabaseSession = { id, userId, expiresAt, attributes: found };
      return [session, { id: userId, attributes: {} }];
    },
    updateSessionExpiration: async (id) => {
      // Close to its end for good the library wants to renew it at every request.
      if (found.endsForGood) return;
      await db.transaction(async (tx) => renewSession(tx, read(id).tenant, read(id).hash, idleSeconds));
    },
  };
}

/**
 * Questions of the library that nobody asks it: lists and clean-up know the tenant, which these do not. Nor does it end a
 * session that was found: the database says which live, and a worker clears the others away.
 */
const nothing: Adapter = {
  getSessionAndUser: async () => [null, null],
  getUserSessions: async () => [],
  setSession: async () => undefined,
  updateSessionExpiration: async () => undefined,
  deleteSession: async () => undefined,
  deleteUserSessions: async () => undefined,
  deleteExpiredSessions: async () => undefined,
};
