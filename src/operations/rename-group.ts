import { groupType } from '#attributes/resource-type.ts';
import type { Caller } from '#domain/caller.ts';
import type { Db } from '#store/database.ts';
import { checkWithin, groupsWithin, lend } from './check-manages.ts';
import type { ClearWish } from './clear-group.ts';
import { builtInFault, findStored, noSuchGroup } from './find-group.ts';
import { updateResource } from './update-resource.ts';

/** Which group is to have which name. */
export interface RenameWish extends ClearWish {
  readonly name: string;
}

/**
 * Gives a group another name. Raises `forbidden`, `not_found`, `already_exists`, `invalid_value`, and `read_only` for a
 * group that is built in.
 */
export async function renameGroup(caller: Caller, db: Db, wish: RenameWish): Promise<void> {
  const { namespace, group, name, rules } = wish;
  const within = await groupsWithin(caller, db, 'groups', wish);
  const id = await findStored(caller, db, namespace, group);
  checkWithin(within, id);
  if (typeof group === 'string') throw builtInFault(group);
  if (id === undefined) throw noSuchGroup();
  const changes = [{ op: 'set', path: 'displayName', value: name }] as const;
  await updateResource(lend(caller, 'groups'), db, groupType, id, { changes, rules });
}
