import { Fault } from '#domain/fault.ts';
import type { Tx } from '#store/database.ts';
import { tenantName } from '#store/tenants.ts';
import { defaultTenant } from './create-tenant.ts';

/** What is said to who would change a protected account, with the command that lifts that. S-19. */
export async function protectedFault(tx: Tx, tenant: number, person: string): Promise<Fault> {
  const name = await tenantName(tx, tenant);
  const inTenant = name === defaultTenant ? '' : ` --tenant ${quoted(name)}`;
  return new Fault(
    'forbidden',
    'this account is protected and keeps its name, e-mail addresses, password, rights and state; ' +
      `whoever runs the server can lift that with: npx --no-install muster user unprotect ${person}${inTenant}`,
    { rule: 'protected_account' },
  );
}

/** As one word of a shell. */
function quoted(name: string): string {
  return /^[\w.-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`;
}
