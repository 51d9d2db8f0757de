import type { Values } from '#attributes/attribute.ts';
import type { ResourceType } from '#attributes/resource-type.ts';
import type { Caller } from './caller.ts';
import { Fault } from './fault.ts';
import { isSuperuser } from './is-superuser.ts';

/**
 * Nobody grants or takes what he does not hold: the flag `superuser` changes only for a caller with that right. Raises
 * `forbidden`.
 */
export function checkGrants(caller: Caller, type: ResourceType, before: Values, after: Values): void {
  if (type.name !== 'User' || isSuperuser(before) === isSuperuser(after) || caller.rights.includes('superuser')) return;
  throw new Fault('forbidden', 'only a connection with the right "superuser" may change the flag superuser', {
    attribute: 'muster.superuser',
    wrongCredential: true,
  });
}
