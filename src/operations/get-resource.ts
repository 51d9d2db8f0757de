import type { ResourceType } from '#attributes/resource-type.ts';
import { type Caller, checkRight } from '#domain/caller.ts';
import { Fault } from '#domain/fault.ts';
import type { Resource } from '#domain/resource.ts';
import type { Db } from '#store/database.ts';
import { findResource, type Wanted } from '#store/find-resource.ts';

/** One resource by its id: RFC 7644 section 3.4.1. Raises `not_found` for every id that is not on the caller's roll. */
export async function getResource(
  caller: Caller,
  db: Db,
  type: ResourceType,
  id: string,
  wanted: Wanted,
): Promise<Resource> {
  checkRight(caller, 'read');
  const resource = await findResource(db, caller, type, id, wanted);
  if (resource === undefined) throw new Fault('not_found', `there is no such ${type.name}`);
  return resource;
}
