import { type ResourceName, resourceTypeOf } from '#attributes/resource-type.ts';
import type { Caller } from '#domain/caller.ts';
import type { Namespace } from '#domain/person.ts';
import type { Db } from '#store/database.ts';
import { findByKeys } from '#store/keys.ts';

/**
 * The ids of the resources that the clients of a namespace know by these keys, by key; keys that nobody has are left out.
 * It says only what is there, not what the caller may do with it: for a write that checks that itself.
 */
export async function resolveKeys(
  { tenant }: Caller,
  db: Db,
  namespace: Namespace,
  kind: ResourceName,
  keys: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  return findByKeys(db, tenant, resourceTypeOf(kind), namespace, keys);
}
