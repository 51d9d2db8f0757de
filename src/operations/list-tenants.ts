import type { Caller } from '#domain/caller.ts';
import { checkAdministers } from '#domain/check-holds.ts';
import type { Db } from '#store/database.ts';
import { listTenants as listRows, type Tenant } from '#store/tenants.ts';

/** All tenants for an operator; for who administers one tenant, that one. By name. Raises `forbidden`. */
export async function listTenants(caller: Caller, db: Db): Promise<readonly Tenant[]> {
  checkAdministers(caller);
  const all = await listRows(db);
  return caller.rights.includes('operator') ? all : all.filter(({ tenant }) => tenant === caller.tenant);
}
