import type { Caller } from '#domain/caller.ts';
import { checkHolds } from '#domain/check-holds.ts';
import { domainLimits } from '#domain/limits.ts';
import type { Namespace } from '#domain/person.ts';
import { appendJournal } from '#journal/append-journal.ts';
import { lockKeyGroup, saveApiKey } from '#store/api-keys.ts';
import { livePrefixes, revokeOldTokens } from '#store/credentials.ts';
import type { Db } from '#store/database.ts';
import { checkKeeper, type IssuedApiKey, lockKey, readKey, writerOf } from './api-key.ts';
import { issueToken } from './issue-token.ts';

/**
 * Gives a key another token; all it had before end at once. Raises `forbidden`, also for a key that may do more than the
 * caller, and `not_found`.
 */
export async function regenerateApiKey(
  caller: Caller,
  db: Db,
  namespace: Namespace,
  number: number,
): Promise<IssuedApiKey> {
  checkKeeper(caller);
  const { tenant } = caller;
  const { token } = await db.transaction(async (tx) => {
    const connection = await lockKey(caller, tx, number);
    checkHolds(caller, connection.rights);
    const group = await lockKeyGroup(tx, tenant, connection.id);
    const from = await livePrefixes(tx, tenant, connection.id, 'token');
    revokeOldTokens(tx, tenant, connection.id, 'token', 0);
    const issued = issueToken(tx, tenant, connection, domainLimits.tokenLifetimeDays);
    saveApiKey(tx, tenant, connection.id, group, writerOf(caller));
    const differences = [{ path: 'tokens', from, to: [issued.prefix] }];
    appendJournal(tx, caller, { action: 'updated', kind: 'Connection', id: connection.id, differences });
    return issued;
  });
  return { key: await readKey(caller, db, namespace, number), token };
}
