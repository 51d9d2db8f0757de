import type { Caller } from '#domain/caller.ts';
import type { Namespace } from '#domain/person.ts';
import { countApiKeyRows, listApiKeyRows } from '#store/api-keys.ts';
import type { Db } from '#store/database.ts';
import { type ApiKey, checkKeeper, withWriters } from './api-key.ts';

/** The keys of the caller's tenant that live, in the order in which they were made. Raises `forbidden`. */
export async function listApiKeys(caller: Caller, db: Db, namespace: Namespace): Promise<readonly ApiKey[]> {
  checkKeeper(caller);
  return withWriters(caller, db, namespace, await listApiKeyRows(db, caller.tenant, namespace));
}

/** How many keys of the caller's tenant live. Raises `forbidden`. */
export async function countApiKeys(caller: Caller, db: Db): Promise<number> {
  checkKeeper(caller);
  return countApiKeyRows(db, caller.tenant);
}
