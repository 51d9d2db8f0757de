import type { Values } from '#attributes/attribute.ts';
import type { ResourceType } from '#attributes/resource-type.ts';
import type { Caller } from '#domain/caller.ts';
import { readValues } from '#domain/document.ts';
import { Fault } from '#domain/fault.ts';
import type { Db } from '#store/database.ts';
import { findByExternalId, type Labelled } from '#store/external-ids.ts';
import { everything, findResource } from '#store/find-resource.ts';
import type { Creation, Written } from './creation.ts';
import { updateResource } from './update-resource.ts';

/**
 * What a create comes to whose external id this connection has put on a resource before: the resource, when the same
 * create made it a moment ago and its answer was lost; or a deactivated person who is taken back. Undefined when it is a
 * create like any other. Raises `already_exists` where the rules do not take anybody back.
 */
export async function resumeCreate(
  caller: Caller,
  db: Db,
  type: ResourceType,
  wish: Creation,
  values: Values,
): Promise<Written | undefined> {
  if (wish.externalId === undefined) return undefined;
  const labelled = await findByExternalId(db, caller, type, wish.externalId);
  const resource = labelled && (await findResource(db, caller, type, labelled.id, everything));
  if (resource === undefined) return undefined;
  const isBack =
    type.name === 'User' && readValues(type, resource.document).active === false && values.active !== false;
  if (isBack) return takeBack(caller, db, type, resource.id, wish);
  return isSameCreate(labelled, wish) ? { resource, skipped: [] } : undefined;
}

/** Whether a resource was made by this very create, a moment ago. */
export function isSameCreate(labelled: Labelled | undefined, { bodyHash }: Creation): boolean {
  return bodyHash !== undefined && labelled?.freshBodyHash?.equals(bodyHash) === true;
}

function takeBack(caller: Caller, db: Db, type: ResourceType, id: string, wish: Creation): Promise<Written> {
  if (wish.rules.createOfDeactivated === 'refuse') {
    throw new Fault('already_exists', 'a deactivated user has this externalId; set its active to true instead', {
      attribute: 'externalId',
    });
  }
  const changes = [...wish.changes, { op: 'set' as const, path: 'active', value: true }];
  const groups = wish.groups === undefined ? {} : { groups: wish.groups };
  return updateResource(caller, db, type, id, { changes, rules: wish.rules, ...groups });
}
