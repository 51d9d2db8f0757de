import type { Caller } from '#domain/caller.ts';
import type { Db } from '#store/database.ts';
import { groupsManaged } from '#store/group-managers.ts';

/** The ids of the groups that the person who is signed in manages; none for who is no person. */
export async function listManagedGroups({ tenant, person }: Caller, db: Db): Promise<readonly string[]> {
  return person === undefined ? [] : groupsManaged(db, tenant, person);
}
