import type { Caller } from '#domain/caller.ts';
import type { PersonMemberships } from '#domain/membership.ts';
import type { Namespace } from '#domain/person.ts';
import type { Db } from '#store/database.ts';
import { listPeopleIds } from '#store/list-people.ts';
import { readMemberships } from '#store/read-memberships.ts';
import { groupsWithin, type ManagersMay } from './check-manages.ts';

/** In which API's words, and what managers may. */
export interface MembershipsWish extends ManagersMay {
  readonly namespace: Namespace;
}

/** Everybody with his groups, or for who manages groups those who are in them. */
export interface MembershipsList {
  /** Whether somebody sees these memberships alone, and none in a group that is built in. */
  readonly onlyManaged: boolean;
  readonly chunks: AsyncIterable<readonly PersonMemberships[]>;
}

/** How many people are in memory at once, however long the list is. */
const chunkLength = 500;

/**
 * Who is in which stored group directly: everybody on the roll, active or not, by his id, some hundreds at a time. Who
 * manages groups hears of those alone, of each group after another. Raises `forbidden`.
 */
export async function listMemberships(caller: Caller, db: Db, wish: MembershipsWish): Promise<MembershipsList> {
  const within = await groupsWithin(caller, db, 'read', wish);
  const { namespace } = wish;
  if (within !== 'all') return { onlyManaged: true, chunks: ofGroups(caller, db, namespace, within) };
  const { ids } = await listPeopleIds(db, caller, { namespace, order: 'key' });
  return { onlyManaged: false, chunks: ofPeople(caller, db, namespace, ids) };
}

/** Who is in several of them comes once, with the first, and then with all of them. */
async function* ofGroups(
  caller: Caller,
  db: Db,
  namespace: Namespace,
  groups: readonly string[],
): AsyncGenerator<readonly PersonMemberships[]> {
  const seen = new Set<string>();
  for (const group of groups) {
    const { ids } = await listPeopleIds(db, caller, { namespace, order: 'key', group });
    const others = ids.filter((id) => !seen.has(id));
    for await (const people of ofPeople(caller, db, namespace, others)) {
      yield people.map((person) => ({
        ...person,
        memberships: person.memberships.filter(({ id }) => groups.includes(id)),
      }));
    }
    for (const id of others) seen.add(id);
  }
}

async function* ofPeople(
  caller: Caller,
  db: Db,
  namespace: Namespace,
  ids: readonly string[],
): AsyncGenerator<readonly PersonMemberships[]> {
  for (let start = 0; start < ids.length; start += chunkLength) {
    yield readMemberships(db, caller, namespace, ids.slice(start, start + chunkLength));
  }
}
