import { userType } from '#attributes/resource-type.ts';
import type { Caller } from '#domain/caller.ts';
import { isSuperuser } from '#domain/is-superuser.ts';
import type { PersonGroup } from '#domain/person.ts';
import type { Db } from '#store/database.ts';
import { lockResource } from '#store/find-resource.ts';
import { changeGroups } from './change-groups.ts';
import { checkWithin, groupsWithin } from './check-manages.ts';
import { builtInFault } from './find-group.ts';
import { findMember, noSuchMembership } from './find-member.ts';
import { superuserManager } from './join-group.ts';
import type { LeaveWish } from './leave-group.ts';

/** Which membership is to be that of a manager, or no longer. */
export interface MembershipChange extends LeaveWish {
  readonly manages: boolean;
}

/** How somebody is in a group afterwards. */
export interface ChangedMembership extends PersonGroup {
  /** The key of the person. */
  readonly person: string;
}

/**
 * Makes somebody who is in a group its manager, or no longer. Raises `forbidden`, `not_found`, `read_only` for the group of
 * everybody, and `invalid_value` with the rule `superuser_manager` for a superuser.
 */
export async function updateMembership(caller: Caller, db: Db, wish: MembershipChange): Promise<ChangedMembership> {
  const { namespace, membership, manages, rules } = wish;
  const within = await groupsWithin(caller, db, 'groups', wish);
  const found = await findMember(caller, db, namespace, membership);
  if (found === undefined) throw noSuchMembership();
  const { person, group } = found;
  checkWithin(within, typeof group === 'string' ? undefined : group.id);
  if (isSuperuser(person.values)) throw superuserManager();
  if (typeof group === 'string') throw builtInFault(group);
  const held = person.groups?.find(({ id }) => id === group.id);
  if (held === undefined) throw noSuchMembership();
  await db.transaction(async (tx) => {
    if ((await lockResource(tx, caller, userType, person.id)) === undefined) throw noSuchMembership();
    await changeGroups(caller, tx, person.id, [{ group: group.id, to: manages ? 'manager' : 'member' }], rules);
  });
  return { ...held, manages, person: person.key };
}
