import { uuidv7 } from 'uuidv7';
import { resourceTypeOf } from '#attributes/resource-type.ts';
import { addMembers } from '#store/change-members.ts';
import type { Tx } from '#store/database.ts';
import { insertResource } from '#store/save-resource.ts';
import { insertTenant } from '#store/tenants.ts';
import type { Viewer } from '#store/viewer.ts';
import type { Entry } from './any-roll.ts';

/** Makes a tenant with this roll. Gives how its one connection sees it. */
export async function putOnRoll(tx: Tx, entries: readonly Entry[]): Promise<Viewer> {
  const connection = uuidv7();
  const tenant = await insertTenant(tx, connection);
  for (const { kind, id, values, externalId, created, modified } of entries) {
    const type = resourceTypeOf(kind);
    const objectId = id.replaceAll('-', '').slice(8);
    const label = externalId === undefined ? {} : { externalId };
    await insertResource(tx, { tenant, connection }, type, { id, objectId, values, ...label });
    tx.send({
      text: `update ${type.table} set created_at = $3, modified_at = $4 where tenant = $1 and id = $2`,
      values: [tenant, id, created, modified],
    });
  }
  for (const { id, members } of entries) if (members.length > 0) await addMembers(tx, { tenant }, id, members);
  return { tenant, connection };
}
