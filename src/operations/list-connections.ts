import type { Caller } from '#domain/caller.ts';
import { checkAdministers } from '#domain/check-holds.ts';
import { type Connection, listConnections as listRows } from '#store/connections.ts';
import type { Db } from '#store/database.ts';

/** All connections of the caller's tenant, revoked ones too, oldest first. Raises `forbidden`. */
export async function listConnections(caller: Caller, db: Db): Promise<Connection[]> {
  checkAdministers(caller);
  return listRows(db, caller.tenant);
}
