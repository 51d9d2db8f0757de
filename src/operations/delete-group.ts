import { groupType } from '#attributes/resource-type.ts';
import type { Caller } from '#domain/caller.ts';
import type { Db } from '#store/database.ts';
import { checkWithin, groupsWithin, lend } from './check-manages.ts';
import { deleteResource } from './delete-resource.ts';
import { builtInFault, findStored } from './find-group.ts';
import type { GroupWanted } from './get-group.ts';

/**
 * Takes a group off the roll; keys of the group become keys of everybody. Gives whether there was such a group. Raises
 * `forbidden`, and `read_only` for a group that is built in.
 */
export async function deleteGroup(caller: Caller, db: Db, wish: GroupWanted): Promise<boolean> {
  const { namespace, group } = wish;
  const within = await groupsWithin(caller, db, 'groups', wish);
  const id = await findStored(caller, db, namespace, group);
  checkWithin(within, id);
  if (typeof group === 'string') throw builtInFault(group);
  if (id === undefined) return false;
  await deleteResource(lend(caller, 'groups'), db, groupType, id);
  return true;
}
