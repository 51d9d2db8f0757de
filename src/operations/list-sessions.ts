import { userType } from '#attributes/resource-type.ts';
import { type Caller, checkRight } from '#domain/caller.ts';
import { domainLimits } from '#domain/limits.ts';
import type { Db } from '#store/database.ts';
import { listSessionRows } from '#store/session-rows.ts';
import { getResource } from './get-resource.ts';

/** A session as people see it. */
export interface SessionShown {
  /** Names the session where it is ended; nobody gets in with it. */
  readonly id: string;
  readonly dialect: string;
  readonly policy: string;
  readonly createdAt: string;
  readonly lastUsedAt: string;
  readonly expiresAt: string;
  /** The network address that it began from. */
  readonly address?: string;
}

const shownLength = 16;

/**
 * The sessions of a person that have not ended, the newest first: one's own, or anybody's with the right `admin`. Raises
 * `forbidden`, `not_found`.
 */
export async function listSessions(caller: Caller, db: Db, id: string): Promise<readonly SessionShown[]> {
  const person = await sessionOwner(caller, db, id);
  const rows = await listSessionRows(db, caller.tenant, person, domainLimits.sessionsPerPerson);
  return rows.map(({ hash, person: _person, ...session }) => ({
    id: hash.toString('hex').slice(0, shownLength),
    ...session,
  }));
}

/** The id of the person whose sessions the caller may see and end. Raises `forbidden`, `not_found`. */
export async function sessionOwner(caller: Caller, db: Db, id: string): Promise<string> {
  if (caller.person !== id) checkRight(caller, 'admin');
  const reader: Caller = { ...caller, rights: ['read'] };
  return (await getResource(reader, db, userType, id, { groups: false, members: false })).id;
}
