import type { BuiltInGroup, GroupChoice } from '#domain/group-choice.ts';
import type { MembershipRef, PersonMemberships } from '#domain/membership.ts';
import type { JsonObject } from '#http/parse-json.ts';
import type { GroupMember } from '#operations/get-group.ts';
import type { CountedGroup } from '#operations/list-groups.ts';
import type { Shape } from '../representation.ts';
import { objectOf } from '../shapes.ts';
import { administrators, allUsers } from './groups-of.ts';
import { user } from './user.ts';

/** What Metabase calls the groups that are not stored. */
export const builtInNames = {
  everybody: 'All Users',
  superusers: 'Administrators',
} as const satisfies Readonly<Record<BuiltInGroup, string>>;

const builtInIds = {
  everybody: allUsers,
  superusers: administrators,
} as const satisfies Readonly<Record<BuiltInGroup, number>>;

const builtIns = Object.keys(builtInIds) as readonly BuiltInGroup[];

/** The group that clients know by an id. */
export function chooseGroup(id: number): GroupChoice {
  return builtIns.find((group) => builtInIds[group] === id) ?? { key: String(id) };
}

/** The id and the name of a group as they are shown. */
export function writeGroup(group: BuiltInGroup | { readonly key: string; readonly name: string }): {
  readonly id: number;
  readonly name: string;
} {
  if (typeof group === 'string') return { id: builtInIds[group], name: builtInNames[group] };
  return { id: Number(group.key), name: group.name };
}

/** What `writeGroup` gives. */
export const groupShape: Shape = {
  type: 'object',
  properties: { id: { type: 'integer' }, name: { type: 'string' } },
  required: ['id', 'name'],
};

/** A group of the list: 3.7. */
export function writeCounted(group: CountedGroup): JsonObject {
  return { ...writeGroup('builtIn' in group ? group.builtIn : group), member_count: group.people };
}

/** The id of a membership: one for each membership that is stored, and two for each person, in each of the two others. */
export function writeMembershipId(membership: MembershipRef): number {
  if ('row' in membership) return 3 * membership.row;
  return 3 * membership.person + builtInIds[membership.builtIn];
}

/** The membership that clients know by an id. */
export function readMembershipId(id: number): MembershipRef {
  const builtIn = builtIns.find((group) => builtInIds[group] === id % 3);
  const number = Math.floor(id / 3);
  return builtIn === undefined ? { row: number } : { builtIn, person: number };
}

/** A member of a group: 3.7. Who manages it is said in the enterprise edition alone. */
export function writeMember({ person, membership, manages }: GroupMember, edition: 'free' | 'enterprise'): JsonObject {
  return {
    first_name: user.first_name.write(person),
    last_name: user.last_name.write(person),
    email: user.email.write(person),
    user_id: Number(person.key),
    membership_id: writeMembershipId(membership),
    ...(edition === 'enterprise' && { is_group_manager: manages }),
  };
}

/** What `writeMember` gives. */
export const memberShape: Shape = {
  type: 'object',
  properties: {
    first_name: user.first_name.shape,
    last_name: user.last_name.shape,
    email: user.email.shape,
    user_id: { type: 'integer' },
    membership_id: { type: 'integer' },
    is_group_manager: { type: 'boolean' },
  },
  required: ['first_name', 'last_name', 'email', 'user_id', 'membership_id'],
};

/** The memberships of a person by the ids of the groups; `onlyStored` leaves out those in groups that are not stored. */
export function writeMembershipsOf(
  { key: user, number, superuser, memberships }: PersonMemberships,
  { onlyStored }: { readonly onlyStored: boolean },
): readonly JsonObject[] {
  const held = superuser ? builtIns : builtIns.filter((group) => group === 'everybody');
  const user_id = Number(user);
  const virtual = (onlyStored ? [] : held).map((builtIn) => ({
    membership_id: writeMembershipId({ builtIn, person: number }),
    ...{ group_id: builtInIds[builtIn], user_id, is_group_manager: false },
  }));
  const stored = memberships.map(({ row, key, manages }) => ({
    membership_id: writeMembershipId({ row }),
    ...{ group_id: Number(key), user_id, is_group_manager: manages },
  }));
  return [...virtual, ...stored];
}

/** What each membership says. */
export const membershipProperties = {
  membership_id: { type: 'integer' },
  group_id: { type: 'integer' },
  user_id: { type: 'integer' },
  is_group_manager: { type: 'boolean' },
} as const satisfies Readonly<Record<string, Shape>>;

/** What `writeMembershipsOf` gives of each. */
export const membershipShape = objectOf(membershipProperties);
