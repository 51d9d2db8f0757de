import type { Caller } from '#domain/caller.ts';
import { Fault } from '#domain/fault.ts';
import type { BuiltInGroup } from '#domain/group-choice.ts';
import { isSuperuser } from '#domain/is-superuser.ts';
import type { MembershipRef } from '#domain/membership.ts';
import type { Namespace, Person } from '#domain/person.ts';
import type { Db } from '#store/database.ts';
import { findByNumber, findMembership } from '#store/memberships.ts';
import { readPerson } from '#store/read-people.ts';

/** A membership, and the person whom it is of. */
export interface Found {
  readonly person: Person;
  /** The id of a stored group. */
  readonly group: BuiltInGroup | { readonly id: string };
}

/** The membership of somebody whom the caller sees; undefined where there is none. */
export async function findMember(
  caller: Caller,
  db: Db,
  namespace: Namespace,
  ref: MembershipRef,
): Promise<Found | undefined> {
  const { tenant } = caller;
  const stored = 'row' in ref ? await findMembership(db, tenant, ref.row) : undefined;
  const id = 'row' in ref ? stored?.person : await findByNumber(db, tenant, ref.person);
  const person = id && (await readPerson(db, caller, namespace, id, { groups: true }));
  if (!person) return undefined;
  if ('row' in ref) return stored && { person, group: { id: stored.group } };
  return ref.builtIn === 'superusers' && !isSuperuser(person.values) ? undefined : { person, group: ref.builtIn };
}

/** What is said of a membership that is not there. */
export function noSuchMembership(): Fault {
  return new Fault('not_found', 'there is no such membership');
}
