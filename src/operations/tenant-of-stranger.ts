import type { Db } from '#store/database.ts';
import { findTenant } from '#store/tenants.ts';
import { defaultTenant } from './create-tenant.ts';

/** No tenant has this number, so nobody is found in it. */
const noTenant = 0;

/**
 * The tenant that somebody without a credential means. For a name that no tenant has it is one in which nobody is, so that
 * he hears what he would hear about a name that nobody has there.
 */
export async function tenantOfStranger(db: Db, name = defaultTenant): Promise<number> {
  return (await findTenant(db, name)) ?? noTenant;
}
