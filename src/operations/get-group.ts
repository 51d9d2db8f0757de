import type { Values } from '#attributes/attribute.ts';
import { groupType } from '#attributes/resource-type.ts';
import type { Caller } from '#domain/caller.ts';
import { readValues } from '#domain/document.ts';
import type { BuiltInGroup, GroupChoice } from '#domain/group-choice.ts';
import type { MembershipRef } from '#domain/membership.ts';
import type { Namespace, Person } from '#domain/person.ts';
import type { Db } from '#store/database.ts';
import { findResource } from '#store/find-resource.ts';
import { membershipsOf, numbersOf } from '#store/memberships.ts';
import { checkWithin, groupsWithin, lend, type ManagersMay } from './check-manages.ts';
import { findStored, noSuchGroup } from './find-group.ts';
import { listPeople, type PeopleList } from './list-people.ts';
import { superusersOnly } from './superusers-only.ts';

/** Which group is wanted. */
export interface GroupWanted extends ManagersMay {
  readonly namespace: Namespace;
  readonly group: GroupChoice;
}

/** An active person who is in a group directly. */
export interface GroupMember {
  readonly person: Person;
  readonly membership: MembershipRef;
  readonly manages: boolean;
}

/** A group and who is in it, by name, some hundreds at a time. */
export interface GroupWithMembers {
  /** Absent for a group that is built in. */
  readonly name?: string;
  readonly chunks: AsyncIterable<readonly GroupMember[]>;
}

/**
 * A group with the active people who are in it directly; groups in it are left out, and who is in it through them. Raises
 * `forbidden`, `not_found`.
 */
export async function getGroup(caller: Caller, db: Db, wish: GroupWanted): Promise<GroupWithMembers> {
  const { namespace, group } = wish;
  const within = await groupsWithin(caller, db, 'read', wish);
  const id = await findStored(caller, db, namespace, group);
  checkWithin(within, id);
  const reader = lend(caller, 'read');
  const listing = { namespace, active: true, order: 'name', groups: false } as const;
  if (typeof group === 'string') {
    const filter = group === 'superusers' ? { filter: superusersOnly } : {};
    const { chunks } = await listPeople(reader, db, { ...listing, ...filter });
    return { chunks: inBuiltIn(caller, db, group, chunks) };
  }
  const found = id && (await findResource(db, caller, groupType, id, { groups: false, members: false }));
  if (!found) throw noSuchGroup();
  const values = readValues(groupType, found.document);
  const { chunks } = await listPeople(reader, db, { ...listing, group: found.id });
  return { name: String(values.displayName), chunks: inStored(caller, db, found.id, managersIn(values), chunks) };
}

async function* inBuiltIn(
  { tenant }: Caller,
  db: Db,
  builtIn: BuiltInGroup,
  chunks: PeopleList['chunks'],
): AsyncGenerator<readonly GroupMember[]> {
  for await (const people of chunks) {
    const numbers = await numbersOf(db, tenant, idsOf(people));
    yield people.flatMap((person) => {
      const number = numbers.get(person.id);
      return number === undefined ? [] : [{ person, membership: { builtIn, person: number }, manages: false }];
    });
  }
}

async function* inStored(
  { tenant }: Caller,
  db: Db,
  group: string,
  managers: ReadonlySet<unknown>,
  chunks: PeopleList['chunks'],
): AsyncGenerator<readonly GroupMember[]> {
  for await (const people of chunks) {
    const memberships = await membershipsOf(db, tenant, idsOf(people), group);
    const rows = new Map(memberships.map(({ person, number }) => [person, number]));
    yield people.flatMap((person) => {
      const row = rows.get(person.id);
      return row === undefined ? [] : [{ person, membership: { row }, manages: managers.has(person.id) }];
    });
  }
}

function managersIn({ muster }: Values): ReadonlySet<unknown> {
  const { managers = [] } = (muster ?? {}) as { managers?: readonly Values[] };
  return new Set(managers.map(({ value }) => value));
}

function idsOf(people: readonly Person[]): readonly string[] {
  return people.map(({ id }) => id);
}
