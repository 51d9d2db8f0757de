import { groupType } from '#attributes/resource-type.ts';
import type { Caller } from '#domain/caller.ts';
import type { Change } from '#domain/change.ts';
import type { WriteRules } from '#domain/write-rules.ts';
import type { Db } from '#store/database.ts';
import { managersWithin } from '#store/group-managers.ts';
import { checkWithin, groupsWithin, lend } from './check-manages.ts';
import { builtInFault, findStored, noSuchGroup } from './find-group.ts';
import type { GroupWanted } from './get-group.ts';
import { updateResource } from './update-resource.ts';

/** Which group is to be emptied. */
export interface ClearWish extends GroupWanted {
  readonly rules: WriteRules;
}

/**
 * Takes everybody out of a group who is in it directly, also as its manager; groups in it stay. Raises `forbidden`,
 * `not_found`, and `read_only` for a group that is built in.
 */
export async function clearGroup(caller: Caller, db: Db, wish: ClearWish): Promise<void> {
  const { namespace, group, rules } = wish;
  const within = await groupsWithin(caller, db, 'groups', wish);
  const id = await findStored(caller, db, namespace, group);
  checkWithin(within, id);
  if (typeof group === 'string') throw builtInFault(group);
  if (id === undefined) throw noSuchGroup();
  const managers = await db.transaction((tx) => managersWithin(tx, caller.tenant, id));
  const value = managers.map((manager) => ({ value: manager }));
  const changes: readonly Change[] = value.length === 0 ? [] : [{ op: 'clear', path: 'muster.managers', value }];
  const where = { op: 'eq', path: 'type', value: 'User' } as const;
  await updateResource(lend(caller, 'groups'), db, groupType, id, {
    changes,
    members: [{ op: 'remove', where }],
    rules,
  });
}
