import type { Values } from '#attributes/attribute.ts';
import type { ResourceName, ResourceType } from '#attributes/resource-type.ts';
import type { Caller } from './caller.ts';
import type { Difference } from './difference.ts';
import { franchiseeOf } from './document.ts';
import { Fault } from './fault.ts';

/** Raises `forbidden` for a caller bound to one franchisee who wants to make or delete what is no person, or change an org unit. */
export function checkNotBound({ franchisee }: Caller, kind: ResourceName): void {
  if (franchisee !== undefined && kind !== 'User') throw beyond(`changes people and no ${kind}`);
}

/** Raises `forbidden` when a caller bound to one franchisee has changed more of a group than who is in it. */
export function checkBoundChange({ franchisee }: Caller, type: ResourceType, differences: readonly Difference[]): void {
  if (franchisee === undefined || type.name === 'User' || differences.length === 0) return;
  throw beyond('changes who of its people is in a group, and nothing else of it');
}

/**
 * The wanted values of a person as a caller may want them who is bound to one franchisee: of that franchisee, also where
 * nothing is said of it. Raises `forbidden` for any other, and for the role that sees all franchisees.
 */
export function keepFranchisee({ franchisee }: Caller, type: ResourceType, before: Values, wanted: Values): Values {
  if (franchisee === undefined || type.name !== 'User') return wanted;
  const said = franchiseeOf(wanted);
  if (said !== undefined && said !== franchisee) throw beyond('cannot move people', 'muster.franchisee');
  if (roleOf(wanted) === 'boss' && roleOf(before) !== 'boss') throw beyond('gives no role beyond it', 'muster.role');
  if (said !== undefined) return wanted;
  return { ...wanted, muster: { ...(wanted.muster as Values | undefined), franchisee: { value: franchisee } } };
}

function roleOf(values: Values): unknown {
  return (values.muster as Values | undefined)?.role;
}

function beyond(what: string, attribute?: string): Fault {
  return new Fault('forbidden', `a caller who is bound to one franchisee ${what}`, {
    wrongCredential: true,
    ...(attribute !== undefined && { attribute }),
  });
}
