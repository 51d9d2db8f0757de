import type { Values } from '#attributes/attribute.ts';
import type { ResourceType } from '#attributes/resource-type.ts';
import type { Caller } from '#domain/caller.ts';
import { readValues } from '#domain/document.ts';
import type { Db } from '#store/database.ts';
import { findByExternalId } from '#store/external-ids.ts';
import { everything, findResource } from '#store/find-resource.ts';
import type { Creation, Written } from './creation.ts';
import { updateResource } from './update-resource.ts';

/**
 * What a create that met a taken name still comes to: the resource that the same create made a moment ago, or a
 * deactivated person of this connection who is taken back. Undefined when the name is somebody else's.
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
  if (labelled === undefined) return undefined;
  const resource = await findResource(db, caller, type, labelled.id, everything);
  if (resource === undefined) return undefined;
  if (wish.bodyHash !== undefined && labelled.freshBodyHash?.equals(wish.bodyHash)) return { resource, skipped: [] };
  const deactivated = readValues(type, resource.document).active === false;
  if (!deactivated || values.active === false || wish.rules.createOfDeactivated === 'refuse') return undefined;
  return updateResource(caller, db, type, labelled.id, {
    changes: [...wish.changes, { op: 'set', path: 'active', value: true }],
    rules: wish.rules,
  });
}
