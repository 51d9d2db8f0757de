import { type Caller, noConnection, type Right } from '#domain/caller.ts';
import { Fault } from '#domain/fault.ts';
import type { SessionHolder } from '#store/connections.ts';
import type { Db } from '#store/database.ts';
import type { Origin } from './connection-caller.ts';
import { validateSession } from './sessions.ts';

/** Where a request with the token of a session comes in. */
export interface SessionUse extends Origin {
  readonly dialect: string;
  /** Whether the route is one for who has to choose a new password first. */
  readonly allowMustChange?: boolean | undefined;
}

/** What a superuser who is signed in may do in his tenant. Anybody else has what the API of his dialect gives. */
const rightsOfSuperuser: readonly Right[] = ['read', 'write', 'passwords', 'superuser', 'admin'];

/**
 * The caller of a request that comes with the token of a session; undefined when the session is over, its person may not
 * sign in any more, or it belongs to another dialect. Raises `forbidden` when he has to choose a new password first and
 * the route is not one for that.
 */
export async function sessionCaller(
  db: Db,
  { tenant }: SessionHolder,
  hash: Buffer,
  { dialect, requestId, address, allowMustChange }: SessionUse,
): Promise<Caller | undefined> {
  const session = await validateSession(db, tenant, hash);
  if (session === undefined || session.dialect !== dialect) return undefined;
  if (session.mustChange && !allowMustChange) {
    throw new Fault('forbidden', 'choose a new password first', { attribute: 'password', wrongCredential: true });
  }
  return {
    ...{ tenant, connection: noConnection, person: session.person, dialect, profile: '', requestId },
    rights: session.superuser ? rightsOfSuperuser : [],
    ...(address !== undefined && { address }),
  };
}
