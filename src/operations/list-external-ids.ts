import type { Caller } from '#domain/caller.ts';
import { checkAdministers } from '#domain/check-holds.ts';
import type { Db } from '#store/database.ts';
import { type ExternalId, listExternalIds as listRows } from '#store/external-ids.ts';

/** What every connection of the tenant calls one resource. A connection sees only its own; this is for an admin. */
export async function listExternalIds(caller: Caller, db: Db, resource: string): Promise<readonly ExternalId[]> {
  checkAdministers(caller);
  return listRows(db, caller.tenant, resource);
}
