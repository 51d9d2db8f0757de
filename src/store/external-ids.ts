import { commonAttributes } from '#attributes/every-resource.ts';
import type { ResourceType } from '#attributes/resource-type.ts';
import { textKey } from '#domain/key-of.ts';
import type { Db, Row, Tx } from './database.ts';
import type { Viewer } from './viewer.ts';

/** The key by which an external id is found: its case matters, the way its accents are composed does not. */
export function externalIdKey(value: string): string {
  return textKey(commonAttributes.externalId, value);
}

const setStatement = {
  name: 'set-external-id',
  text: `insert into external_id (tenant, connection, kind, resource, value, value_key) values ($1, $2, $3, $4, $5, $6)
    on conflict on constraint external_id_pkey do update set value = excluded.value, value_key = excluded.value_key`,
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
  else tx.send(setStatement, [...key, value, externalIdKey(value)]);
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
    from external_id where tenant = $1 and connection = $2 and kind = $3 and value_key = $4 order by resource limit 2`,
};

/** The one resource that the viewer's connection knows by this label; undefined for none, or for more than one. */
export async function findByExternalId(
  db: Db,
  viewer: Viewer,
  type: ResourceType,
  value: string,
): Promise<Labelled | undefined> {
  return labelledFrom(await db.read(findStatement, findValues(viewer, type, value)));
}

const holdStatement = {
  name: 'hold-external-id',
  text: 'select pg_advisory_xact_lock($1, hashtext($2))',
};

/**
 * As `findByExternalId`, while nobody else can ask so about the same label until the transaction ends. The lock and the
 * question travel in one packet.
 */
export async function holdExternalId(
  tx: Tx,
  viewer: Viewer,
  type: ResourceType,
  value: string,
): Promise<Labelled | undefined> {
  const values = findValues(viewer, type, value);
  tx.send(holdStatement, [viewer.tenant, `externalId ${values.slice(1).join(' ')}`]);
  return labelledFrom(await tx.run(findStatement, values));
}

function findValues(viewer: Viewer, type: ResourceType, value: string): readonly unknown[] {
  return [viewer.tenant, viewer.connection, type.name, externalIdKey(value)];
}

function labelledFrom([row, second]: readonly Row[]): Labelled | undefined {
  if (row === undefined || second !== undefined) return undefined;
  const bodyHash = row.body_hash as Buffer | null;
  return { id: row.resource as string, ...(bodyHash !== null && { freshBodyHash: bodyHash }) };
}

/** A label that one connection has put on a resource. */
export interface ExternalId {
  readonly connection: string;
  /** What people call the connection. */
  readonly name: string;
  readonly value: string;
}

const listStatement = {
  name: 'list-external-ids',
  text: `select e.connection, n.name, e.value from external_id e
    join connection n on n.tenant = e.tenant and n.id = e.connection
    where e.tenant = $1 and e.resource = $2 order by n.name, e.connection`,
};

/** The labels that the connections of a tenant have put on one resource. */
export async function listExternalIds(db: Db, tenant: number, resource: string): Promise<ExternalId[]> {
  return (await db.read(listStatement, [tenant, resource])).map((row) => ({
    connection: row.connection as string,
    name: row.name as string,
    value: row.value as string,
  }));
}

const takeOverMax = 10_000;

const takeOverStatement = {
  name: 'take-over-external-ids',
  text: `update external_id set connection = $3 where tenant = $1 and connection = $2 and (kind, resource) in (
      select kind, resource from external_id where tenant = $1 and connection = $2 limit ${takeOverMax})
    returning 1`,
};

/** Gives the labels of one connection to another that has none yet; no statement moves so many that it takes too long. */
export async function takeOverExternalIds(tx: Tx, tenant: number, from: string, to: string): Promise<void> {
  for (let moved = takeOverMax; moved === takeOverMax; ) {
    moved = (await tx.run(takeOverStatement, [tenant, from, to])).length;
  }
}
