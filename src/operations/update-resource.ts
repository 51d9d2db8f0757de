import type { ResourceType } from '#attributes/resource-type.ts';
import type { Caller } from '#domain/caller.ts';
import type { Db } from '#store/database.ts';
import { withGroups } from '#store/groups-of-users.ts';
import { withLabels } from '#store/labels.ts';
import { applyUpdate } from './apply-update.ts';
import type { Written } from './creation.ts';
import type { Update } from './update.ts';

/**
 * Changes one resource, or nothing at all. Where nothing comes out different nothing is written and the version stays.
 * RFC 7644 sections 3.5.1 and 3.5.2. Raises `not_found`, `precondition_failed`, `already_exists`, `forbidden`,
 * `invalid_value` and what `applyChanges` raises.
 */
export async function updateResource(
  caller: Caller,
  db: Db,
  type: ResourceType,
  id: string,
  wish: Update,
): Promise<Written> {
  const written = await applyUpdate(caller, db, type, id, wish);
  const labelled = await withLabels(db, caller, [written.resource]);
  const [resource = written.resource] = type.name === 'User' ? await withGroups(db, caller.tenant, labelled) : labelled;
  return { ...written, resource };
}
