import type { Caller } from '#domain/caller.ts';
import type { Difference } from '#domain/difference.ts';
import { Fault } from '#domain/fault.ts';
import type { WriteRules } from '#domain/write-rules.ts';
import { appendJournal } from '#journal/append-journal.ts';
import type { Tx } from '#store/database.ts';
import { holdGroup, raiseGroup } from '#store/group-members.ts';
import { changeMembers } from './change-members.ts';

/**
 * Puts people into groups, in the transaction of the caller's, with one journal row for each group that it changes or of which
 * there is something else to say. Raises `precondition_failed` for a group that is no longer there.
 */
export async function addToGroups(
  caller: Caller,
  tx: Tx,
  joining: ReadonlyMap<string, readonly string[]>,
  rules: WriteRules,
  said: ReadonlyMap<string, readonly Difference[]> = new Map(),
): Promise<void> {
  const changed: { readonly group: string; readonly added: readonly string[] }[] = [];
  for (const group of [...new Set([...joining.keys(), ...said.keys()])].sort()) {
    const ids = joining.get(group) ?? [];
    if ((await holdGroup(tx, caller.tenant, group, 'shared')) === undefined) {
      throw new Fault('precondition_failed', 'a group has just been deleted; try again');
    }
    const { added } = await changeMembers(tx, caller, group, [{ op: 'add', ids }], rules);
    if (added.length > 0 || said.has(group)) changed.push({ group, added });
  }
  // Versions last, so that those who change other members of these groups wait for us briefly.
  for (const { group, added } of changed) {
    const moved = added.length > 0;
    if (moved) raiseGroup(tx, caller.tenant, group);
    appendJournal(tx, caller, {
      ...{ action: 'updated', kind: 'Group', id: group, differences: said.get(group) ?? [] },
      ...(moved && { members: { added, removed: [] } }),
    });
  }
}
