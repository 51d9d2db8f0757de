import { type Caller, checkMayWrite, mayWrite } from '#domain/caller.ts';
import { Fault } from '#domain/fault.ts';
import { isId } from '#domain/is-id.ts';
import type { MemberChange } from '#domain/member-change.ts';
import type { Tx } from '#store/database.ts';
import { standingOf } from '#store/group-managers.ts';

/** Raises `forbidden` for a caller who may not change groups, unless he is a person, who may manage this one. */
export function checkMayTryMembers(caller: Caller): void {
  if (caller.person === undefined) checkMayWrite(caller, 'Group');
}

/**
 * Raises `forbidden` unless the caller may change groups, or is a manager of this one: he adds and removes people, never
 * groups; himself only where he is in it already; and nobody where that would also bring him into a group above that the
 * manager neither manages nor is in. V-6, V-7. An unknown group, `undefined`, is one that he does not manage.
 */
export async function checkManager(
  tx: Tx,
  caller: Caller,
  group: string | undefined,
  changes: readonly MemberChange[],
): Promise<void> {
  if (mayWrite(caller, 'Group')) return;
  const { person } = caller;
  const added = changes.flatMap((change) => (change.op === 'remove' ? [] : change.ids)).map((id) => id.toLowerCase());
  const standing =
    group === undefined || person === undefined
      ? undefined
      : await standingOf(tx, caller.tenant, group, person, added.filter(isId));
  if (standing?.manages !== true) throw forbidden('only a manager of a group changes who is in it');
  if (added.length === 0) return;
  if (standing.nests) throw forbidden('a manager adds people to a group, not groups');
  if (!standing.holdsAbove) throw forbidden('this group is in another one that you do not manage');
  if (!standing.isMember && added.some((id) => id === person)) throw forbidden('nobody adds himself to a group');
}

function forbidden(message: string): Fault {
  return new Fault('forbidden', message, { wrongCredential: true });
}
