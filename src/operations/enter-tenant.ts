import type { Caller } from '#domain/caller.ts';
import { checkAdministers } from '#domain/check-holds.ts';
import { Fault } from '#domain/fault.ts';
import type { Db } from '#store/database.ts';
import { findTenant } from '#store/tenants.ts';

/**
 * The caller as one who administers the tenant of this name: his own, or any for an operator. Raises `forbidden` for
 * who administers none, and `not_found` for a tenant that is not his as for one that never was.
 */
export async function enterTenant(caller: Caller, db: Db, name: string): Promise<Caller> {
  checkAdministers(caller);
  const tenant = await findTenant(db, name);
  const mayEnter = tenant === caller.tenant || caller.rights.includes('operator');
  if (tenant === undefined || !mayEnter) throw new Fault('not_found', 'there is no tenant of this name');
  return { ...caller, tenant };
}
