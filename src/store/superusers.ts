import type { Tx } from './database.ts';

const turnStatement = {
  name: 'superusers-turn',
  text: 'select from tenant where tenant = $1 for no key update',
};

const othersStatement = {
  name: 'other-superusers',
  text: `select exists (
      select from attribute_value v join app_user u on u.tenant = v.tenant and u.id = v.owner
      where v.tenant = $1 and v.path = 'User.muster.superuser' and v.number_key = 1 and v.owner <> $2 and u.active
    ) as others`,
};

/**
 * Whether a tenant has an active superuser beside this person. Who asks holds the tenant's superusers until the
 * transaction ends: of two that each take one away, the second sees what the first did.
 */
export async function holdOtherSuperusers(tx: Tx, tenant: number, person: string): Promise<boolean> {
  tx.send(turnStatement, [tenant]);
  const [row] = await tx.run(othersStatement, [tenant, person]);
  return row?.others === true;
}

const protectStatement = {
  name: 'protect-user',
  text: 'update app_user set protected = $3 where tenant = $1 and id = $2',
};

/** Marks a person as protected, or no longer. */
export function saveProtected(tx: Tx, tenant: number, person: string, isProtected: boolean): void {
  tx.send(protectStatement, [tenant, person, isProtected]);
}
