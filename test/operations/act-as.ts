import type { Values } from '#attributes/attribute.ts';
import type { ResourceType } from '#attributes/resource-type.ts';
import type { Caller } from '#domain/caller.ts';
import type { Change } from '#domain/change.ts';
import type { Filter } from '#domain/filter.ts';
import type { MemberChange } from '#domain/member-change.ts';
import { createResource } from '#operations/create-resource.ts';
import { deleteResource } from '#operations/delete-resource.ts';
import { getResource } from '#operations/get-resource.ts';
import { listResources } from '#operations/list-resources.ts';
import { updateMembers } from '#operations/update-members.ts';
import { updateResource } from '#operations/update-resource.ts';
import { everything } from '#store/find-resource.ts';
import { changesOf, rules, type TestRoll } from './open-roll.ts';

const all = { offset: 0, count: 100 };

/** The operations on a roll, done by one caller. */
export function actAs({ db }: TestRoll, caller: Caller) {
  return {
    get: (type: ResourceType, id: string) => getResource(caller, db, type, id, everything),
    list: (type: ResourceType, filter?: Filter, page = all) =>
      listResources(caller, db, { type, filter, page, wanted: everything }),
    create: (type: ResourceType, values: Values, more = {}) =>
      createResource(caller, db, type, { changes: changesOf(values), rules, ...more }),
    update: (type: ResourceType, id: string, changes: readonly Change[], more = {}) =>
      updateResource(caller, db, type, id, { changes, rules, ...more }),
    changeMembers: (group: string, ...changes: MemberChange[]) => updateMembers(caller, db, group, changes, rules),
    remove: (type: ResourceType, id: string) => deleteResource(caller, db, type, id),
  };
}

/** Who administers the tenant of a roll, and who also every other tenant. */
export function administratorsOf({ caller }: TestRoll): { admin: Caller; operator: Caller } {
  const admin: Caller = { ...caller, rights: ['admin', 'read', 'write', 'superuser'], dialect: 'admin' };
  return { admin, operator: { ...admin, rights: [...admin.rights, 'operator'] } };
}

/** What a caller hears of a fault; undefined when there is none. */
export async function faultIn(asked: Promise<unknown>) {
  const error = await asked.then(
    () => undefined,
    (raised) => raised,
  );
  return error && { kind: error.kind, message: error.message, details: error.details };
}
