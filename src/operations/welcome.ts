import type { Db } from '#store/database.ts';
import { findTenant } from '#store/tenants.ts';
import { createConnection, type Issued } from './connections.ts';
import { createTenant, defaultTenant } from './create-tenant.ts';

/**
 * Makes the default tenant and its first SCIM connection in a database that has none. Gives the connection and its token,
 * or undefined when the tenant was there: then somebody has the token, or makes another.
 */
export async function welcome(db: Db, tokenLifetimeDays: number): Promise<Issued | undefined> {
  if ((await findTenant(db, defaultTenant)) !== undefined) return undefined;
  await createTenant(db, defaultTenant);
  return createConnection(db, {
    tenant: defaultTenant,
    name: 'first',
    dialect: 'scim',
    profile: 'lenient',
    rights: ['read', 'write'],
    tokenLifetimeDays,
  });
}
