import type { ResourceType } from '#attributes/resource-type.ts';
import type { Caller } from '#domain/caller.ts';
import type { Db } from '#store/database.ts';
import { changeResource } from './change-resource.ts';
import { checkMayTry } from './check-may-try.ts';
import { guardRemovals } from './check-removals.ts';
import type { Written } from './creation.ts';
import { readyPassword } from './ready-password.ts';
import type { Update } from './update.ts';

/**
 * Changes one resource and, of a person, the groups he is in, or nothing at all; what `updateResource` and `updatePerson`
 * have in common. Raises what they raise.
 */
export async function applyUpdate(
  caller: Caller,
  db: Db,
  type: ResourceType,
  id: string,
  wish: Update,
): Promise<Written> {
  checkMayTry(caller, type, id, wish);
  const password = await readyPassword(caller, db, type, wish.changes, id);
  return guardRemovals(caller, db, (tx) => changeResource(caller, tx, type, id, { ...wish, password }));
}
