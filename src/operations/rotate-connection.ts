import type { Caller } from '#domain/caller.ts';
import type { Db } from '#store/database.ts';
import { type Issued, issueToken } from './issue-token.ts';
import { replaceOldest } from './replace-oldest.ts';

/** Gives a connection a new token beside the newest one before it. Raises `forbidden`, `invalid_value`, `not_found`. */
export async function rotateConnection(
  caller: Caller,
  db: Db,
  nameOrId: string,
  lifetimeDays: number,
): Promise<Issued> {
  return replaceOldest(caller, db, {
    ...{ nameOrId, kind: 'token', lifetimeDays },
    make: (tx, connection) => issueToken(tx, caller.tenant, connection, lifetimeDays),
  });
}
