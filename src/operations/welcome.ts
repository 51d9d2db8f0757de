import { Fault } from '#domain/fault.ts';
import { listConnections } from '#store/connections.ts';
import type { Db } from '#store/database.ts';
import { findTenant, insertTenant } from '#store/tenants.ts';
import { type Issued, issueConnection } from './connections.ts';
import { defaultTenant } from './create-tenant.ts';

const first = { name: 'first', dialect: 'scim', profile: 'lenient', rights: ['read', 'write'] } as const;

/**
 * Makes the first SCIM connection of the default tenant, and the tenant where it is not there. Gives the connection and
 * its token, or undefined when the tenant ever had one: then somebody has the token, or makes another.
 */
export async function welcome(db: Db, tokenLifetimeDays: number): Promise<Issued | undefined> {
  const tenant = await findTenant(db, defaultTenant);
  if (tenant !== undefined && (await listConnections(db, tenant)).length > 0) return undefined;
  try {
    return await db.transaction(async (tx) =>
      issueConnection(tx, tenant ?? (await insertTenant(tx, defaultTenant)), { ...first, tokenLifetimeDays }),
    );
  } catch (error) {
    // Another node was faster, and has the token.
    if (error instanceof Fault && error.kind === 'already_exists') return undefined;
    throw error;
  }
}
