import { type Caller, checkRight } from '#domain/caller.ts';
import { appendJournal } from '#journal/append-journal.ts';
import type { Db, Tx } from '#store/database.ts';
import { insertTenant } from '#store/tenants.ts';
import { checkName } from './check-name.ts';

/** The tenant that the first start makes. */
export const defaultTenant = 'default';

/** Makes a tenant: a roll of its own. Raises `forbidden`, `already_exists`, `invalid_value`. */
export async function createTenant(caller: Caller, db: Db, name: string): Promise<void> {
  checkRight(caller, 'operator');
  checkName(name);
  await db.transaction((tx) => issueTenant(caller, tx, name));
}

/** Puts a tenant on record, and who made it as the first row of its own journal. Gives its number. */
export async function issueTenant(caller: Caller, tx: Tx, name: string): Promise<number> {
  const tenant = await insertTenant(tx, name);
  const differences = [{ path: 'name', to: name }];
  appendJournal(tx, { ...caller, tenant }, { action: 'created', kind: 'Tenant', id: idOf(tenant), differences });
  return tenant;
}

/** The journal knows resources by UUID; a tenant has only its number. */
function idOf(tenant: number): string {
  return `00000000-0000-0000-0000-${String(tenant).padStart(12, '0')}`;
}
