import { userType } from '#attributes/resource-type.ts';
import type { Caller } from '#domain/caller.ts';
import type { Db } from '#store/database.ts';
import { createResource } from './create-resource.ts';
import type { Creation } from './creation.ts';

/**
 * Puts one person on the roll, with `groups` in those: all of it, or nothing. Gives his id. Raises what `createResource`
 * raises, and `forbidden` for a group that the caller may not change.
 */
export async function createPerson(caller: Caller, db: Db, wish: Creation): Promise<string> {
  const { resource } = await createResource(caller, db, userType, wish);
  return resource.id;
}
