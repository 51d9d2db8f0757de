import type { ResourceType } from '#attributes/resource-type.ts';
import type { Db, Tx } from './database.ts';
import type { Viewer } from './find-resource.ts';

const setStatement = {
  name: 'set-external-id',
  text: `insert into external_id (tenant, connection, kind, resource, value) values ($1, $2, $3, $4, $5)
    on conflict on constraint external_id_pkey do update set value = excluded.value`,
};

const clearStatement = {
  name: 'clear-external-id',
  text: `delete from external_id where tenant = $1 and connection = $2 and kind = $3 and resource = $4`,
};

/** Sets or, without a value, clears the label that the viewer's connection has on one resource. */
export function saveExternalId(
  tx: Tx,
  viewer: Viewer,
  type: ResourceType,
  id: string,
  value: string | undefined,
): void {
  const key = [viewer.tenant, viewer.connection, type.name, id];
  if (value === undefined) tx.send(clearStatement, key);
  else tx.send(setStatement, [...key, value]);
}

/** A resource on which the viewer's connection put a label, and what it was created from. */
export interface Labelled {
  readonly id: string;
  /** The create that made it had this body, at most ten minutes ago; absent otherwise. */
  readonly freshBodyHash?: Buffer;
}

const findStatement = {
  name: 'find-external-id',
  text: `select resource, case when created_at > now() - interval '10 minutes' then body_hash end as body_hash
    from external_id where tenant = $1 and connection = $2 and kind = $3 and value = $4 order by resource limit 2`,
};

/** The one resource that the viewer's connection knows by this label; undefined for none, or for more than one. */
export async function findByExternalId(
  db: Db,
  viewer: Viewer,
  type: ResourceType,
  value: string,
): Promise<Labelled | undefined> {
  const [row, second] = await db.read(findStatement, [viewer.tenant, viewer.connection, type.name, value]);
  if (row === undefined || second !== undefined) return undefined;
  const bodyHash = row.body_hash as Buffer | null;
  return { id: row.resource as string, ...(bodyHash !== null && { freshBodyHash: bodyHash }) };
}
