import { randomUUID } from 'node:crypto';
import { type Caller, noConnection } from '#domain/caller.ts';
import { Fault } from '#domain/fault.ts';
import { type ConnectionFacts, listConnections } from '#store/connections.ts';
import type { Db } from '#store/database.ts';
import { findTenant } from '#store/tenants.ts';
import { issueConnection } from './create-connection.ts';
import { defaultTenant, issueTenant } from './create-tenant.ts';
import type { Issued } from './issue-token.ts';

const first: ConnectionFacts = {
  ...{ name: 'first', dialect: 'scim', profile: 'lenient', tokenForm: 'mst', guard: 'hold' },
  rights: ['read', 'write'],
};

/** Nobody asks for the first connection: the server makes it when it starts. */
const starter = { connection: noConnection, dialect: 'start', profile: '', rights: [] };

/**
 * Makes the first SCIM connection of the default tenant, and the tenant where it is not there. Gives the connection and
 * its token, or undefined when the tenant ever had one: then somebody has the token, or makes another.
 */
export async function welcome(db: Db, tokenLifetimeDays: number): Promise<Issued | undefined> {
  const tenant = await findTenant(db, defaultTenant);
  if (tenant !== undefined && (await listConnections(db, tenant)).length > 0) return undefined;
  const caller: Caller = { ...starter, tenant: tenant ?? 0, requestId: randomUUID() };
  try {
    return await db.transaction(async (tx) => {
      const made = tenant ?? (await issueTenant(caller, tx, defaultTenant));
      return issueConnection({ ...caller, tenant: made }, tx, first, tokenLifetimeDays);
    });
  } catch (error) {
    // Another node was faster, and has the token.
    if (error instanceof Fault && error.kind === 'already_exists') return undefined;
    throw error;
  }
}
