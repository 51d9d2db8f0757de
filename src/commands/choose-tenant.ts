import type { Caller } from '#domain/caller.ts';
import { createTenant, defaultTenant } from '#operations/create-tenant.ts';
import { enterTenant } from '#operations/enter-tenant.ts';
import { listTenants } from '#operations/list-tenants.ts';
import type { Db } from '#store/database.ts';
import { choose } from './choose.ts';
import { commandCaller } from './command-caller.ts';

/** The caller of a command in the tenant of this name. Throws an Error of one sentence with the tenants there are for any other. */
export async function callerIn(db: Db, tenant: string): Promise<Caller> {
  const names = await tenantNames(db);
  if (names.length === 0) throw new Error('there is no tenant yet: start the server, which makes the first');
  return enterTenant(commandCaller(), db, choose('--tenant', tenant, names));
}

/** The same before the server has ever started: then the default tenant is made, as the first start would. */
export async function callerInNew(db: Db, tenant: string): Promise<Caller> {
  if (tenant === defaultTenant && (await tenantNames(db)).length === 0) await createTenant(commandCaller(), db, tenant);
  return callerIn(db, tenant);
}

async function tenantNames(db: Db): Promise<string[]> {
  return (await listTenants(commandCaller(), db)).map(({ name }) => name);
}
