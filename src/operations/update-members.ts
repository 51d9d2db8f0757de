import type { Caller } from '#domain/caller.ts';
import { Fault } from '#domain/fault.ts';
import type { MemberChange } from '#domain/member-change.ts';
import type { WriteRules } from '#domain/write-rules.ts';
import { appendJournal } from '#journal/append-journal.ts';
import type { Db } from '#store/database.ts';
import { holdGroup, raiseGroup } from '#store/group-members.ts';
import { changeMembers, replacesList } from './change-members.ts';
import { checkManager, checkMayTryMembers } from './check-manager.ts';

/**
 * Changes only the members of a group: does not read the group, and raises its version at the end, so that its size does
 * not matter and writers hardly wait for one another. Gives the ids that were nobody's and were left out.
 * Raises `not_found`, `invalid_value`, and `forbidden` for who may not change groups and does not manage this one.
 */
export async function updateMembers(
  caller: Caller,
  db: Db,
  group: string,
  changes: readonly MemberChange[],
  rules: WriteRules,
): Promise<readonly string[]> {
  checkMayTryMembers(caller);
  return db.transaction(async (tx) => {
    const id = await holdGroup(tx, caller.tenant, group, replacesList(changes) ? 'alone' : 'shared');
    await checkManager(tx, caller, id, changes);
    if (id === undefined) throw new Fault('not_found', 'there is no such Group');
    const { added, removed, skipped } = await changeMembers(tx, caller, id, changes, rules);
    if (added.length + removed.length > 0) {
      appendJournal(tx, caller, {
        action: 'updated',
        kind: 'Group',
        id,
        differences: [],
        members: { added, removed },
      });
      raiseGroup(tx, caller.tenant, id);
    }
    return skipped;
  });
}
