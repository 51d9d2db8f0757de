import { userType } from '#attributes/resource-type.ts';
import type { Caller } from '#domain/caller.ts';
import { readValues } from '#domain/document.ts';
import { Fault } from '#domain/fault.ts';
import type { GroupChoice } from '#domain/group-choice.ts';
import { isSuperuser } from '#domain/is-superuser.ts';
import type { Namespace } from '#domain/person.ts';
import type { WriteRules } from '#domain/write-rules.ts';
import type { Db } from '#store/database.ts';
import { findResource, lockResource } from '#store/find-resource.ts';
import { groupsHeld } from '#store/group-managers.ts';
import { findByKey } from '#store/keys.ts';
import { changeGroups } from './change-groups.ts';
import { checkWithin, groupsWithin, type ManagersMay } from './check-manages.ts';
import { builtInFault, findStored, noSuchGroup } from './find-group.ts';
import { setSuperuser } from './set-superuser.ts';

/** Who is to be in which group. */
export interface JoinWish extends ManagersMay {
  readonly namespace: Namespace;
  readonly group: GroupChoice;
  /** The key of the person. */
  readonly person: string;
  /** Whether he is to be one of its managers; only a group that is stored has any. */
  readonly manages: boolean;
  readonly rules: WriteRules;
}

/**
 * Puts a person into a group; into that of the superusers by the flag. Raises `forbidden`, `not_found`, `already_exists`
 * for somebody who is in it, `read_only` for the group of everybody, and `invalid_value` with the rule `superuser_manager`
 * for a superuser who is to be a manager.
 */
export async function joinGroup(caller: Caller, db: Db, wish: JoinWish): Promise<void> {
  const { namespace, group, manages, rules } = wish;
  const within = await groupsWithin(caller, db, 'groups', wish);
  const stored = await findStored(caller, db, namespace, group);
  checkWithin(within, stored);
  const id = await findByKey(db, caller.tenant, userType, namespace, wish.person);
  const person = id && (await findResource(db, caller, userType, id, { groups: false, members: false }));
  if (!person) throw new Fault('not_found', 'there is no such User');
  const holdsFlag = isSuperuser(readValues(userType, person.document));
  if (manages && holdsFlag) throw superuserManager();
  if (group === 'everybody') throw builtInFault(group);
  if (group === 'superusers') {
    if (holdsFlag) throw already();
    return setSuperuser(caller, db, person.id, true, rules);
  }
  if (stored === undefined) throw noSuchGroup();
  await db.transaction(async (tx) => {
    const locked = await lockResource(tx, caller, userType, person.id);
    if (locked === undefined) throw new Fault('not_found', 'there is no such User');
    if ((await groupsHeld(tx, caller.tenant, person.id)).has(stored)) throw already();
    await changeGroups(caller, tx, person.id, [{ group: stored, to: manages ? 'manager' : 'member' }], rules);
  });
}

/** What is said to who would make a superuser the manager of a group. */
export function superuserManager(): Fault {
  return new Fault('invalid_value', 'a superuser may change every group and is the manager of none', {
    rule: 'superuser_manager',
  });
}

function already(): Fault {
  return new Fault('already_exists', 'this person is in the group');
}
