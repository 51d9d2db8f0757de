import { isSuperuser } from '#domain/is-superuser.ts';
import type { Person, PersonGroup } from '#domain/person.ts';
import type { JsonObject } from '#http/parse-json.ts';
import type { Shape } from '../representation.ts';

/** The group of everybody, which is not stored. */
export const allUsers = 1;
/** The group of all superusers, which is not stored. */
export const administrators = 2;

/** The ids of the groups that a person is in, in ascending order. */
export function groupIdsOf(person: Person): readonly number[] {
  return membershipsOf(person).map(({ id }) => id);
}

/** A group that a person is in, by the id that clients know. */
export interface Membership {
  readonly id: number;
  readonly manages: boolean;
}

/** The groups that a person is in, by their ids. */
export function membershipsOf({ values, groups = [] }: Person): readonly Membership[] {
  const virtual = isSuperuser(values) ? [allUsers, administrators] : [allUsers];
  const stored = groups.map(({ key, manages }) => ({ id: Number(key), manages }));
  return [...virtual.map((id) => ({ id, manages: false })), ...stored].sort((one, other) => one.id - other.id);
}

/** The same on the wire. Who manages a group is said in the enterprise edition alone. */
export function writeMemberships(person: Person, edition: 'free' | 'enterprise'): readonly JsonObject[] {
  return membershipsOf(person).map(({ id, manages }) =>
    edition === 'enterprise' ? { id, is_group_manager: manages } : { id },
  );
}

/** What `writeMemberships` gives. */
export const membershipsShape: Shape = {
  type: 'array',
  items: {
    type: 'object',
    properties: { id: { type: 'integer' }, is_group_manager: { type: 'boolean' } },
    required: ['id'],
  },
};

/** Whether a person manages a group; with an id that very one. */
export function managesAny({ groups = [] }: { readonly groups?: readonly PersonGroup[] }, id?: number): boolean {
  return groups.some(({ key, manages }) => manages && (id === undefined || Number(key) === id));
}
