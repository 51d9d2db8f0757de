import type { Values } from '#attributes/attribute.ts';
import type { ResourceType } from '#attributes/resource-type.ts';
import { Fault } from './fault.ts';
import { isSuperuser } from './is-superuser.ts';
import { sameValue } from './same-value.ts';

/** Whether somebody is a superuser who can act as one. */
export function isActiveSuperuser(type: ResourceType, values: Values): boolean {
  return type.name === 'User' && values.active !== false && isSuperuser(values);
}

/**
 * Whether a change ends what makes somebody a superuser whom others rely on: the flag, being active, the name, unless he
 * changes that himself.
 */
export function endsSuperuser(type: ResourceType, before: Values, after: Values, isOneself: boolean): boolean {
  if (!isActiveSuperuser(type, before)) return false;
  return !isActiveSuperuser(type, after) || (!isOneself && !sameValue(before.userName, after.userName));
}

/**
 * Whether a change is one that a protected account is kept from, since it is for emergencies: one that deactivates, demotes
 * or renames it, or gives it other e-mail addresses (by which a password is reset). S-19.
 */
export function endsProtected(before: Values, after: Values): boolean {
  const stays =
    (before.active === false || after.active !== false) &&
    (!isSuperuser(before) || isSuperuser(after)) &&
    sameValue(before.userName, after.userName) &&
    sameValue(before.emails, after.emails);
  return !stays;
}

/** What is said to who would take the last superuser of a tenant away. */
export function lastSuperuserFault(): Fault {
  return new Fault(
    'forbidden',
    'this is the last active superuser, who cannot be deactivated, demoted, renamed or deleted; ' +
      'give somebody else the flag superuser first',
    { rule: 'last_superuser' },
  );
}
