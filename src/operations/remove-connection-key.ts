import type { Caller } from '#domain/caller.ts';
import { checkAdministers } from '#domain/check-holds.ts';
import { Fault } from '#domain/fault.ts';
import { appendJournal } from '#journal/append-journal.ts';
import { dropOldAccessTokens } from '#store/access-tokens.ts';
import { deleteClientKey, listClientKeys } from '#store/client-keys.ts';
import type { Db } from '#store/database.ts';
import { lockConnection } from './lock-connection.ts';

/**
 * Takes a key from a connection, by its thumbprint: what it signs is refused from now on, and all access tokens of the
 * connection end, since nobody knows which of them it got. Raises `forbidden`, `not_found`.
 */
export async function removeConnectionKey(caller: Caller, db: Db, nameOrId: string, key: string): Promise<void> {
  checkAdministers(caller);
  await db.transaction(async (tx) => {
    const { id } = await lockConnection(caller, tx, nameOrId);
    const from = await listClientKeys(tx, caller.tenant, id);
    if (!from.includes(key)) throw new Fault('not_found', 'the connection has no key of this thumbprint');
    deleteClientKey(tx, caller.tenant, id, key);
    dropOldAccessTokens(tx, caller.tenant, id, 0);
    appendJournal(tx, caller, {
      ...{ action: 'updated', kind: 'Connection', id },
      differences: [{ path: 'keys', from, to: from.filter((other) => other !== key) }],
    });
  });
}
