import { userType } from '#attributes/resource-type.ts';
import type { Caller } from '#domain/caller.ts';
import type { MembershipRef } from '#domain/membership.ts';
import type { Namespace } from '#domain/person.ts';
import type { WriteRules } from '#domain/write-rules.ts';
import type { Db } from '#store/database.ts';
import { lockResource } from '#store/find-resource.ts';
import { changeGroups } from './change-groups.ts';
import { checkWithin, groupsWithin, type ManagersMay } from './check-manages.ts';
import { builtInFault } from './find-group.ts';
import { findMember, noSuchMembership } from './find-member.ts';
import { setSuperuser } from './set-superuser.ts';

/** Which membership is to end. */
export interface LeaveWish extends ManagersMay {
  readonly namespace: Namespace;
  readonly membership: MembershipRef;
  readonly rules: WriteRules;
}

/**
 * Takes a person out of a group, also as its manager; out of that of the superusers by the flag. Raises `forbidden`, with
 * the rule `last_superuser` for the last one, `not_found`, and `read_only` for the group of everybody.
 */
export async function leaveGroup(caller: Caller, db: Db, wish: LeaveWish): Promise<void> {
  const { namespace, membership, rules } = wish;
  const within = await groupsWithin(caller, db, 'groups', wish);
  const found = await findMember(caller, db, namespace, membership);
  if (found === undefined) throw noSuchMembership();
  const { person, group } = found;
  checkWithin(within, typeof group === 'string' ? undefined : group.id);
  if (group === 'everybody') throw builtInFault(group);
  if (group === 'superusers') return setSuperuser(caller, db, person.id, false, rules);
  await db.transaction(async (tx) => {
    if ((await lockResource(tx, caller, userType, person.id)) === undefined) throw noSuchMembership();
    await changeGroups(caller, tx, person.id, [{ group: group.id, to: 'none' }], rules);
  });
}
