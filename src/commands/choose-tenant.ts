import { createTenant, defaultTenant } from '#operations/create-tenant.ts';
import { listTenants } from '#operations/list-tenants.ts';
import type { Db } from '#store/database.ts';
import { choose } from './choose.ts';

/** Gives the name of a tenant that exists. Throws an Error of one sentence with those there are for any other. */
export async function chooseTenant(db: Db, name: string): Promise<string> {
  const names = await listTenants(db);
  if (names.length === 0) throw new Error('there is no tenant yet: start the server, which makes the first');
  return choose('--tenant', name, names);
}

/** The same before the server has ever started: then the default tenant is made, as the first start would. */
export async function chooseOrMakeTenant(db: Db, name: string): Promise<string> {
  if (name === defaultTenant && (await listTenants(db)).length === 0) await createTenant(db, name);
  return chooseTenant(db, name);
}
