import { type Caller, mayWrite } from '#domain/caller.ts';
import { Fault } from '#domain/fault.ts';
import { isId } from '#domain/is-id.ts';
import type { MemberChange, MemberDifference } from '#domain/member-change.ts';
import type { WriteRules } from '#domain/write-rules.ts';
import { addMembers, keepMembers, type Reach, removeMembers, removeMembersWhere } from '#store/change-members.ts';
import type { Tx } from '#store/database.ts';

/** What a list of member changes did to a group, and the ids that were nobody's and were left out. */
export interface MembersChanged extends MemberDifference {
  readonly skipped: readonly string[];
}

/**
 * Carries out member changes in order, each as one statement on the rows it names. What the caller does not reach stays:
 * whoever is bound to a franchisee changes its people alone, and a manager only people. Raises `invalid_value` for a
 * member that does not exist, where the rules refuse it.
 */
export async function changeMembers(
  tx: Tx,
  caller: Caller,
  group: string,
  changes: readonly MemberChange[],
  rules: WriteRules,
): Promise<MembersChanged> {
  const added = new Set<string>();
  const removed = new Set<string>();
  const skipped: string[] = [];
  const reach = reachOf(caller);
  for (const change of changes) {
    for (const id of await leaving(tx, reach, group, change)) if (!added.delete(id)) removed.add(id);
    if (change.op === 'remove') continue;
    const come = await coming(tx, reach, group, change.ids, rules);
    for (const id of come.added) if (!removed.delete(id)) added.add(id);
    skipped.push(...come.unknown);
  }
  return { added: [...added], removed: [...removed], skipped };
}

/** Whether changes say who all the members are, and not only who comes or goes. */
export function replacesList(changes: readonly MemberChange[]): boolean {
  return changes.some(({ op }) => op === 'set');
}

function reachOf(caller: Caller): Reach {
  const { tenant, franchisee } = caller;
  return { tenant, peopleOnly: !mayWrite(caller, 'Group'), ...(franchisee !== undefined && { franchisee }) };
}

async function leaving(tx: Tx, reach: Reach, group: string, change: MemberChange): Promise<string[]> {
  if ('where' in change) return removeMembersWhere(tx, reach, group, change.where);
  if (change.op === 'remove') return removeMembers(tx, reach, group, change.ids.filter(isId));
  return change.op === 'set' ? keepMembers(tx, reach, group, change.ids.filter(isId)) : [];
}

async function coming(tx: Tx, reach: Reach, group: string, ids: readonly string[], rules: WriteRules) {
  if (ids.length === 0) return { added: [], unknown: [] };
  const { added, unknown } = await addMembers(tx, reach, group, ids.filter(isId));
  const all = [...ids.filter((id) => !isId(id)), ...unknown];
  if (all.length > 0 && rules.unknownReference === 'refuse') {
    throw new Fault('invalid_value', 'a member does not exist', { attribute: 'members' });
  }
  return { added, unknown: all };
}
