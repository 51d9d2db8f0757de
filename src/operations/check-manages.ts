import { type Caller, mayWrite, type Right } from '#domain/caller.ts';
import { Fault } from '#domain/fault.ts';
import type { Db } from '#store/database.ts';
import { groupsManaged } from '#store/group-managers.ts';

/** Whether the managers of a group may do what otherwise needs a right; they do it for their own groups alone. */
export interface ManagersMay {
  readonly byManagers: boolean;
}

/**
 * The groups that the caller may see or change without the right to it, since he manages them; `all` for a caller who has
 * the right. Raises `forbidden` for a caller who has neither.
 */
export async function groupsWithin(
  caller: Caller,
  db: Db,
  right: 'read' | 'groups',
  { byManagers }: ManagersMay,
): Promise<'all' | readonly string[]> {
  if (right === 'read' ? caller.rights.includes('read') : mayWrite(caller, 'Group')) return 'all';
  const { tenant, person } = caller;
  const managed = byManagers && person !== undefined ? await groupsManaged(db, tenant, person) : [];
  if (managed.length > 0) return managed;
  throw notManaged();
}

/** Raises `forbidden` unless a group is one of those; `undefined` is a group that is not there or not stored. */
export function checkWithin(groups: 'all' | readonly string[], group: string | undefined): void {
  if (groups !== 'all' && (group === undefined || !groups.includes(group))) throw notManaged();
}

/** The caller with one right more, for what was checked to be his to do. */
export function lend(caller: Caller, right: Right): Caller {
  return caller.rights.includes(right) ? caller : { ...caller, rights: [...caller.rights, right] };
}

function notManaged(): Fault {
  return new Fault('forbidden', 'this needs a right that you do not have, or to manage the group', {
    wrongCredential: true,
  });
}
