import type { Caller } from '#domain/caller.ts';
import { checkAdministers } from '#domain/check-holds.ts';
import { Fault } from '#domain/fault.ts';
import { appendJournal } from '#journal/append-journal.ts';
import { dropOldAccessTokens } from '#store/access-tokens.ts';
import { revokeToken as revokeRow } from '#store/credentials.ts';
import type { Db } from '#store/database.ts';
import { lockConnection } from './lock-connection.ts';

/**
 * Ends one live token of a connection, by how it begins. The others go on working; but with a secret all access tokens
 * end, since nobody knows which of them it got. Raises `forbidden`, `not_found`.
 */
export async function revokeToken(caller: Caller, db: Db, nameOrId: string, prefix: string): Promise<void> {
  checkAdministers(caller);
  await db.transaction(async (tx) => {
    const { id } = await lockConnection(caller, tx, nameOrId);
    const kinds = await revokeRow(tx, caller.tenant, id, prefix);
    if (kinds.length === 0) {
      throw new Fault('not_found', 'this connection has no live token that begins so');
    }
    const isSecret = kinds.includes('secret');
    if (isSecret) dropOldAccessTokens(tx, caller.tenant, id, 0);
    const differences = [{ path: isSecret ? 'secrets' : 'tokens', from: [prefix] }];
    appendJournal(tx, caller, { action: 'updated', kind: 'Connection', id, differences });
  });
}
