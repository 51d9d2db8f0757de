import type { Caller } from '#domain/caller.ts';
import { checkAdministers } from '#domain/check-holds.ts';
import { appendJournal } from '#journal/append-journal.ts';
import { type Connection, revokeConnection as revokeRow } from '#store/connections.ts';
import type { Db, Tx } from '#store/database.ts';
import { lockConnection } from './lock-connection.ts';

/**
 * Ends a connection at its next request, also one that may do more than the caller: a leaked token cannot wait. Gives it
 * back as it was. Raises `forbidden`, `not_found`.
 */
export async function revokeConnection(caller: Caller, db: Db, nameOrId: string): Promise<Connection> {
  checkAdministers(caller);
  return db.transaction(async (tx) => {
    const connection = await lockConnection(caller, tx, nameOrId);
    endConnection(caller, tx, connection);
    return connection;
  });
}

/** Ends a connection that the transaction holds, and puts on record who did it. */
export function endConnection(caller: Caller, tx: Tx, { id, name }: Connection): void {
  revokeRow(tx, caller.tenant, id);
  const differences = [{ path: 'name', from: name }];
  appendJournal(tx, caller, { action: 'deleted', kind: 'Connection', id, differences });
}
