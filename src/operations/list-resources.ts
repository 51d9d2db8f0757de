import { type Caller, checkRight } from '#domain/caller.ts';
import type { Db } from '#store/database.ts';
import { type Listed, type Listing, listResources as listRows } from '#store/list-resources.ts';

/**
 * A page of the resources for which a filter holds, and how many there are: RFC 7644 section 3.4.2. The filter is in the
 * normal form of `checkFilter`. Raises `invalid_filter`, `too_many`.
 */
export async function listResources(caller: Caller, db: Db, listing: Listing): Promise<Listed> {
  checkRight(caller, 'read');
  return listRows(db, caller, listing);
}
