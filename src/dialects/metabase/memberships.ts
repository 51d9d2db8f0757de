import type { Caller } from '#domain/caller.ts';
import type { Person } from '#domain/person.ts';
import type { GroupWish } from '#operations/group-wish.ts';
import type { DialectParts } from '../dialect.ts';
import { namespace } from './asker.ts';
import { administrators, allUsers, membershipsOf } from './groups-of.ts';
import type { MembershipWish } from './kinds.ts';
import { refusal } from './refusal.ts';

/** Raises `invalid_value` unless the wish leaves the person in the group of everybody. */
export function checkAllUsers(wanted: readonly MembershipWish[]): void {
  if (!wanted.some(({ id }) => id === allUsers)) throw refusal('invalid_value', { word: 'allUsersGroup' });
}

/** Whether the wish makes the person a superuser. */
export function makesSuperuser(wanted: readonly MembershipWish[]): boolean {
  return wanted.some(({ id }) => id === administrators);
}

/** Whether a person is in other groups than these. Who manages which is looked at in the enterprise edition alone. */
export function isOtherSet({ settings }: DialectParts, person: Person, wanted: readonly MembershipWish[]): boolean {
  const isEnterprise = settings.metabase.edition === 'enterprise';
  const textOf = ({ id, manages }: MembershipWish) =>
    isEnterprise && !isVirtual(id) ? `${id} ${manages}` : String(id);
  const [now, then] = [membershipsOf(person), wanted].map((all) => new Set(all.map(textOf)));
  return now?.symmetricDifference(then ?? new Set()).size !== 0;
}

/** The stored groups of a wish, by the ids that clients know; those that are not there are left out. */
export async function findGroups(
  { operations }: DialectParts,
  caller: Caller,
  wanted: readonly MembershipWish[],
): Promise<ReadonlyMap<number, string>> {
  const keys = wanted.filter(({ id }) => !isVirtual(id)).map(({ id }) => String(id));
  const found = await operations.resolveKeys(caller, namespace, 'Group', keys);
  return new Map([...found].map(([key, id]) => [Number(key), id]));
}

/** Whether a wish names a group that was not found. */
export function namesUnknown(found: ReadonlyMap<number, string>, wanted: readonly MembershipWish[]): boolean {
  return wanted.some(({ id }) => !isVirtual(id) && !found.has(id));
}

/** Raises `invalid_value` for a wish that names a group that was not found. */
export function checkKnown(found: ReadonlyMap<number, string>, wanted: readonly MembershipWish[]): void {
  if (namesUnknown(found, wanted)) throw refusal('invalid_value', { word: 'invalidRequest' });
}

/** The groups of a wish as the roll keeps them. In the free edition a manager stays one and nobody becomes one. */
export function storedGroups(
  { settings }: DialectParts,
  found: ReadonlyMap<number, string>,
  wanted: readonly MembershipWish[],
  person?: Person,
): readonly GroupWish[] {
  const isEnterprise = settings.metabase.edition === 'enterprise';
  const managed = new Set((person?.groups ?? []).filter(({ manages }) => manages).map(({ id }) => id));
  return wanted.flatMap(({ id, manages }) => {
    const group = found.get(id);
    return group === undefined ? [] : [{ group, manages: isEnterprise ? manages : managed.has(group) }];
  });
}

function isVirtual(id: number): boolean {
  return id === allUsers || id === administrators;
}
