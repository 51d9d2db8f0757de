import { type Caller, checkRight, type Right } from './caller.ts';
import { Fault } from './fault.ts';

/** Who has one of these rights has those beside it too. */
const included: { readonly [R in Right]?: readonly Right[] } = {
  write: ['users', 'groups', 'org_units'],
  operator: ['admin'],
};

/** Nobody grants what he does not hold: raises `forbidden` when one of these rights is none of the caller's. */
export function checkHolds(caller: Caller, granted: readonly Right[]): void {
  const held = new Set([...caller.rights, ...caller.rights.flatMap((right) => included[right] ?? [])]);
  const missing = granted.find((right) => !held.has(right));
  if (missing === undefined) return;
  throw new Fault('forbidden', `nobody gives what he does not hold: the right "${missing}"`, { wrongCredential: true });
}

/** Raises `forbidden` unless the caller administers the tenant that he is in. */
export function checkAdministers(caller: Caller): void {
  checkRight(caller, 'admin');
}
