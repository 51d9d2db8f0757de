import type { Caller } from '#domain/caller.ts';
import { checkAdministers } from '#domain/check-holds.ts';
import { appendJournal } from '#journal/append-journal.ts';
import { type Connection, revokeConnection as revokeRow } from '#store/connections.ts';
import type { Db } from '#store/database.ts';
import { lockConnection } from './lock-connection.ts';

/**
 * Ends a connection at its next request, also one that may do more than the caller: a leaked token cannot wait. Gives it
 * back as it was. Raises `forbidden`, `not_found`.
 */
export async function revokeConnection(caller: Caller, db: Db, nameOrId: string): Promise<Connection> {
  checkAdministers(caller);
  return db.transaction(async (tx) => {
    const connection = await lockConnection(caller, tx, nameOrId);
    revokeRow(tx, caller.tenant, connection.id);
    const differences = [{ path: 'name', from: connection.name }];
    appendJournal(tx, caller, { action: 'deleted', kind: 'Connection', id: connection.id, differences });
    return connection;
  });
}
