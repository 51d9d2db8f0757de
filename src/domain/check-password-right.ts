import type { Values } from '#attributes/attribute.ts';
import { type Caller, checkRight } from './caller.ts';
import { isSuperuser } from './is-superuser.ts';

/**
 * Raises `forbidden` unless the caller may set the password of a person with these attributes: whoever sets a superuser's
 * password can become him.
 */
export function checkPasswordRight(caller: Caller, person: Values): void {
  checkRight(caller, 'passwords');
  if (isSuperuser(person)) checkRight(caller, 'superuser');
}

/** Whether the caller may set the password of a person with these attributes. */
export function maySetPassword({ rights }: Caller, person: Values): boolean {
  return rights.includes('passwords') && (!isSuperuser(person) || rights.includes('superuser'));
}

/** Raises `forbidden` unless the caller may let people try again who failed to sign in too often. */
export function checkMayUnlock(caller: Caller): void {
  if (!caller.rights.includes('passwords')) checkRight(caller, 'admin');
}
