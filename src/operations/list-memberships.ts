import type { Caller } from '#domain/caller.ts';
import type { Namespace, Person, PersonGroup } from '#domain/person.ts';
import type { Db } from '#store/database.ts';
import { type Membership, membershipsOf, numbersOf } from '#store/memberships.ts';
import { groupsWithin, lend, type ManagersMay } from './check-manages.ts';
import { listPeople } from './list-people.ts';

/** How somebody is in a stored group. */
export interface StoredMembership extends PersonGroup {
  /** The number of the membership itself. */
  readonly row: number;
}

/** A person, and in which stored groups he is directly. */
export interface PersonMemberships {
  readonly person: Person;
  readonly number: number;
  readonly memberships: readonly StoredMembership[];
}

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

/**
 * Who is in which stored group directly: everybody on the roll, active or not, by his id, some hundreds at a time. Who
 * manages groups hears of those alone, of each group after another. Raises `forbidden`.
 */
export async function listMemberships(caller: Caller, db: Db, wish: MembershipsWish): Promise<MembershipsList> {
  const within = await groupsWithin(caller, db, 'read', wish);
  if (within !== 'all') return { onlyManaged: true, chunks: ofGroups(caller, db, wish, within) };
  const { chunks } = await listPeople(caller, db, { namespace: wish.namespace, order: 'key', groups: true });
  return { onlyManaged: false, chunks: numbered(caller, db, chunks) };
}

/** Who is in several of them comes once, with the first, and then with all of them. */
async function* ofGroups(
  caller: Caller,
  db: Db,
  { namespace }: MembershipsWish,
  groups: readonly string[],
): AsyncGenerator<readonly PersonMemberships[]> {
  const seen = new Set<string>();
  for (const group of groups) {
    const wish = { namespace, order: 'key', groups: true, group } as const;
    const { chunks } = await listPeople(lend(caller, 'read'), db, wish);
    for await (const people of numbered(caller, db, chunks)) {
      yield people
        .filter(({ person }) => !seen.has(person.id))
        .map((each) => ({ ...each, memberships: each.memberships.filter(({ id }) => groups.includes(id)) }));
      for (const { person } of people) seen.add(person.id);
    }
  }
}

async function* numbered(
  { tenant }: Caller,
  db: Db,
  chunks: AsyncIterable<readonly Person[]>,
): AsyncGenerator<readonly PersonMemberships[]> {
  for await (const people of chunks) {
    const ids = people.map(({ id }) => id);
    const [numbers, memberships] = await Promise.all([numbersOf(db, tenant, ids), membershipsOf(db, tenant, ids)]);
    const rows = new Map(memberships.map((each) => [nameOf(each), each.number]));
    yield people.flatMap((person) => {
      const number = numbers.get(person.id);
      return number === undefined ? [] : [{ person, number, memberships: withRows(person, rows) }];
    });
  }
}

/** Who joins or leaves a group while it is read is in it or not, but never without a number. */
function withRows({ id: person, groups = [] }: Person, rows: ReadonlyMap<string, number>): StoredMembership[] {
  return groups.flatMap((group) => {
    const row = rows.get(nameOf({ person, group: group.id }));
    return row === undefined ? [] : [{ ...group, row }];
  });
}

function nameOf({ person, group }: Pick<Membership, 'person' | 'group'>): string {
  return `${person} ${group}`;
}
