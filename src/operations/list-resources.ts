import type { ResourceType } from '#attributes/resource-type.ts';
import { type Caller, checkRight } from '#domain/caller.ts';
import type { Filter } from '#domain/filter.ts';
import type { Db } from '#store/database.ts';
import type { Wanted } from '#store/find-resource.ts';
import { type Listed, listResources as listRows, type Page } from '#store/list-resources.ts';

/**
 * A page of the resources for which a filter holds, and how many there are: RFC 7644 section 3.4.2. The filter is in the
 * normal form of `checkFilter`. Raises `invalid_filter`, `too_many`.
 */
export async function listResources(
  caller: Caller,
  db: Db,
  type: ResourceType,
  filter: Filter | undefined,
  page: Page,
  wanted: Wanted,
): Promise<Listed> {
  checkRight(caller, 'read');
  return listRows(db, caller, type, filter, page, wanted);
}
