import { userType } from '#attributes/resource-type.ts';
import type { Caller } from '#domain/caller.ts';
import type { Db } from '#store/database.ts';
import { applyUpdate } from './apply-update.ts';
import type { Update } from './update.ts';

/**
 * Changes one person and, with `groups`, which groups he is in directly: all of it, or nothing. Somebody who is signed in
 * without rights changes of himself what is in `ownPaths`, and as a manager who is in his groups. Raises what
 * `updateResource` raises, and `forbidden` for a group that the caller may not change.
 */
export async function updatePerson(caller: Caller, db: Db, id: string, wish: Update): Promise<void> {
  await applyUpdate(caller, db, userType, id, wish);
}
