import type { Db } from '#store/database.ts';
import { listTenants as listRows } from '#store/tenants.ts';

/** The names of all tenants. For the command line, whose user owns the database. */
export function listTenants(db: Db): Promise<readonly string[]> {
  return listRows(db);
}
