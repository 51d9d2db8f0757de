import type { Db } from '#store/database.ts';
import { insertTenant } from '#store/tenants.ts';
import { checkName } from './check-name.ts';

/** The tenant that the first start makes. */
export const defaultTenant = 'default';

/** Makes a tenant: a roll of its own. Raises `already_exists`, `invalid_value`. */
export async function createTenant(db: Db, name: string): Promise<void> {
  await db.transaction((tx) => insertTenant(tx, checkName(name)));
}
