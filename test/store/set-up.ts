import { commandCaller } from '#commands/command-caller.ts';
import { createTenant } from '#operations/create-tenant.ts';
import { describeSetup, setUpTenant } from '#operations/set-up-tenant.ts';
import type { Db } from '#store/database.ts';
import { findTenant } from '#store/tenants.ts';
import { changesOf, rules } from '../operations/open-roll.ts';

/** Makes a tenant, and its first person makes himself. */
export async function setUpAnother(db: Db): Promise<void> {
  await createTenant(commandCaller(), db, 'set up');
  const tenant = (await findTenant(db, 'set up')) ?? 0;
  const { token = '' } = await describeSetup(db, tenant);
  const how = { policy: 'metabase', sessionPolicy: 'fixed', rules } as const;
  const stranger = { tenant, dialect: 'metabase', requestId: 'r' };
  await setUpTenant(db, { ...stranger, ...how, token, password: 'p@ssword1x', changes: changesOf({ userName: 'x' }) });
}
