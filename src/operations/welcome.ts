import { Fault } from '#domain/fault.ts';
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
  try {
    await createTenant(db, defaultTenant);
  } catch (error) {
    // Another node was faster, and has the token.
    if (error instanceof Fault && error.kind === 'already_exists') return undefined;
    throw error;
  }
  return createConnection(db, {
    tenant: defaultTenant,
    name: 'first',
    dialect: 'scim',
    profile: 'lenient',
    rights: ['read', 'write'],
    tokenLifetimeDays,
  });
}
