import { allAttributes, userType } from '#attributes/resource-type.ts';
import { type Caller, checkRight } from '#domain/caller.ts';
import { checkFilter } from '#domain/check-filter.ts';
import type { Person } from '#domain/person.ts';
import type { Db } from '#store/database.ts';
import { listPeopleIds, type PeopleListing } from '#store/list-people.ts';
import { readPeople } from '#store/read-people.ts';

/** Who is wanted, in which order, and whether with the groups that each is in. The filter may have any form. */
export interface PeopleWish extends PeopleListing {
  readonly groups: boolean;
}

/** How many people there are in all, and those of the page, in order, a few hundred at a time. */
export interface PeopleList {
  readonly total: number;
  readonly chunks: AsyncIterable<readonly Person[]>;
}

/** How many people are in memory at once, however long the list is. */
const chunkLength = 500;

/**
 * The people of a list. Who is on it is decided at once; each chunk is read when it is asked for, and whoever was deleted
 * until then is left out. Nothing of the database is held while nobody asks. Raises `forbidden`, `invalid_filter`.
 */
export async function listPeople(caller: Caller, db: Db, wish: PeopleWish): Promise<PeopleList> {
  checkRight(caller, 'read');
  const { groups, filter, ...listing } = wish;
  const checked = filter === undefined ? {} : { filter: checkFilter(allAttributes(userType), filter) };
  const { total, ids } = await listPeopleIds(db, caller, { ...listing, ...checked });
  return { total, chunks: readChunks(caller, db, wish, ids) };
}

async function* readChunks(
  caller: Caller,
  db: Db,
  { namespace, groups }: PeopleWish,
  ids: readonly string[],
): AsyncGenerator<readonly Person[]> {
  for (let start = 0; start < ids.length; start += chunkLength) {
    yield readPeople(db, caller, namespace, ids.slice(start, start + chunkLength), { groups });
  }
}
