import { groupType } from '#attributes/resource-type.ts';
import type { Caller } from '#domain/caller.ts';
import { Fault } from '#domain/fault.ts';
import type { BuiltInGroup, GroupChoice } from '#domain/group-choice.ts';
import type { Namespace } from '#domain/person.ts';
import type { Db } from '#store/database.ts';
import { findByKey } from '#store/keys.ts';

/** The id of a stored group that was chosen; undefined for one that is built in or not there. */
export async function findStored(
  { tenant }: Caller,
  db: Db,
  namespace: Namespace,
  group: GroupChoice,
): Promise<string | undefined> {
  return typeof group === 'string' ? undefined : findByKey(db, tenant, groupType, namespace, group.key);
}

/** What is said of a group that is not there. */
export function noSuchGroup(): Fault {
  return new Fault('not_found', 'there is no such Group');
}

/** What is said to who would change a group that is built in. */
export function builtInFault(group: BuiltInGroup): Fault {
  return new Fault(
    'read_only',
    group === 'everybody'
      ? 'everybody on the roll is in this group, and nobody else'
      : 'this group is made of the superusers and does not change by itself',
  );
}
