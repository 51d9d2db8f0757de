import type { Caller } from '#domain/caller.ts';
import type { Db } from '#store/database.ts';
import { checkKeeper, lockKey } from './api-key.ts';
import { endConnection } from './revoke-connection.ts';

/** Ends a key at its next request. Raises `forbidden`, `not_found`. */
export async function deleteApiKey(caller: Caller, db: Db, number: number): Promise<void> {
  checkKeeper(caller);
  await db.transaction(async (tx) => endConnection(caller, tx, await lockKey(caller, tx, number)));
}
