import type { Caller } from '#domain/caller.ts';
import { checkAdministers } from '#domain/check-holds.ts';
import { Fault } from '#domain/fault.ts';
import { appendJournal } from '#journal/append-journal.ts';
import { revokeToken as revokeRow } from '#store/credentials.ts';
import type { Db } from '#store/database.ts';
import { lockConnection } from './lock-connection.ts';

/** Ends one live token of a connection, by how it begins. The others go on working. Raises `forbidden`, `not_found`. */
export async function revokeToken(caller: Caller, db: Db, nameOrId: string, prefix: string): Promise<void> {
  checkAdministers(caller);
  await db.transaction(async (tx) => {
    const { id } = await lockConnection(caller, tx, nameOrId);
    if (!(await revokeRow(tx, caller.tenant, id, prefix))) {
      throw new Fault('not_found', 'this connection has no live token that begins so');
    }
    const differences = [{ path: 'tokens', from: [prefix] }];
    appendJournal(tx, caller, { action: 'updated', kind: 'Connection', id, differences });
  });
}
