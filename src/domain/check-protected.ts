import type { Values } from '#attributes/attribute.ts';
import type { ResourceType } from '#attributes/resource-type.ts';
import { Fault } from './fault.ts';
import { isSuperuser } from './is-superuser.ts';
import { sameValue } from './same-value.ts';

/** Whether somebody is a superuser who can act as one. */
export function isActiveSuperuser(type: ResourceType, values: Values): boolean {
  return type.name === 'User' && values.active !== false && isSuperuser(values);
}

/** Whether a change ends what makes somebody a superuser whom others rely on: the flag, being active, the name. */
export function endsSuperuser(type: ResourceType, before: Values, after: Values): boolean {
  if (!isActiveSuperuser(type, before)) return false;
  return !isActiveSuperuser(type, after) || !sameValue(before.userName, after.userName);
}

/**
 * A protected account stays what it is for emergencies. Raises `forbidden` for a change that deactivates, demotes or
 * renames it, gives it other e-mail addresses (by which a password is reset), or deletes it (no values after). S-19.
 */
export function checkProtected(before: Values, after: Values | undefined): void {
  const stays =
    after !== undefined &&
    (before.active === false || after.active !== false) &&
    (!isSuperuser(before) || isSuperuser(after)) &&
    sameValue(before.userName, after.userName) &&
    sameValue(before.emails, after.emails);
  if (!stays) throw protectedFault();
}

/** What is said to who would change a protected account. */
export function protectedFault(): Fault {
  return new Fault(
    'forbidden',
    'this account is protected and keeps its name, e-mail addresses, password, rights and state; ' +
      'whoever runs the server can lift that with: npx --no-install muster user unprotect',
  );
}

/** What is said to who would take the last superuser of a tenant away. */
export function lastSuperuserFault(): Fault {
  return new Fault(
    'forbidden',
    'this is the last active superuser, who cannot be deactivated, demoted, renamed or deleted; ' +
      'give somebody else the flag superuser first',
  );
}
