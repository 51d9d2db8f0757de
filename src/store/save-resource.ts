import type { Values } from '#attributes/attribute.ts';
import type { ResourceType } from '#attributes/resource-type.ts';
import { noConnection } from '#domain/caller.ts';
import type { Difference } from '#domain/difference.ts';
import { franchiseeOf, labelOf, referencesOf, writeDocument } from '#domain/document.ts';
import { textKey } from '#domain/key-of.ts';
import type { Resource } from '#domain/resource.ts';
import { stateColumns, stateOf, withoutState } from '#domain/sign-in-state.ts';
import type { Tx } from './database.ts';
import { externalIdKey } from './external-ids.ts';
import { nameKey } from './name-key.ts';
import { forEachType } from './statements.ts';
import { valueRows } from './value-rows.ts';
import type { Viewer } from './viewer.ts';
import { insertValues, replaceValues, valueColumns } from './write-values.ts';

/** A resource that is about to exist. */
export interface NewResource {
  readonly id: string;
  readonly objectId: string;
  readonly values: Values;
  readonly externalId?: string;
  /** Recognises the same create when it is sent again. */
  readonly bodyHash?: Buffer;
}

/** In how many slots the resources of a kind are counted, so that creates do not wait for one another. */
export const counterSlots = 16;

const insertStatement = forEachType(
  'insert',
  (type) => `with made as (
      insert into ${type.table} (tenant, id, object_id, number, has_references, label, document${ownColumns(type)})
      values ($1, $2, $3, nextval($4::text::regclass), $5, $6, $7${type.name === 'User' ? `, $13, $14, $15, $16, $17, $18, $19, $20, ${writer('$8')}` : ''})
      returning number, created_at
    ), valued as (
      ${insertValues(type.name === 'User' ? 21 : 13)}
    ), labelled as (
      insert into external_id (tenant, connection, kind, resource, value, value_key, body_hash)
      select $1, $8, '${type.name}', $2, $9, $10, $11 where $9::text is not null
    ), counted as (
      update resource_count set count = count + 1 where tenant = $1 and kind = '${type.name}' and slot = $12
    )
    select number, created_at from made`,
);

function ownColumns(type: ResourceType): string {
  return type.name === 'User'
    ? `, active, user_name_key, ${Object.values(stateColumns).join(', ')}, franchisee, name_key, last_writer`
    : '';
}

/** The connection that writes, for the guard; who has none takes nobody away from a connection. */
function writer(placeholder: string): string {
  return `nullif(${placeholder}::uuid, '${noConnection}')`;
}

/** Puts a new resource on the roll. Raises `already_exists` when its userName is taken. */
export async function insertResource(
  tx: Tx,
  viewer: Viewer,
  type: ResourceType,
  fresh: NewResource,
): Promise<Resource> {
  const { id, objectId, values } = fresh;
  const document = writeDocument(type, values);
  const refers = referencesOf(type, values).length > 0;
  const [row] = await tx.run(insertStatement[type.name], [
    viewer.tenant,
    id,
    objectId,
    numberSequence(type, viewer.tenant),
    refers,
    labelOf(type, values, objectId),
    keptDocument(type, values, document),
    viewer.connection,
    fresh.externalId ?? null,
    fresh.externalId === undefined ? null : externalIdKey(fresh.externalId),
    fresh.bodyHash ?? null,
    someSlot(),
    ...ownValues(type, values, objectId),
    ...valueColumns(valueRows(type, values)),
  ]);
  const createdAt = row?.created_at as string;
  return {
    kind: type.name,
    id,
    number: row?.number as number,
    objectId,
    version: 1,
    createdAt,
    modifiedAt: createdAt,
    document,
    refers,
    ...(fresh.externalId !== undefined && { externalId: fresh.externalId }),
  };
}

/** The sequence that numbers the resources of a type in a tenant. */
function numberSequence(type: ResourceType, tenant: number): string {
  return `${type.table}_number_${tenant}`;
}

function ownValues(type: ResourceType, values: Values, objectId: string): unknown[] {
  if (type.name !== 'User') return [];
  const state = stateOf(values);
  const inColumns = Object.keys(stateColumns).map((name) => state[name] ?? null);
  const franchisee = franchiseeOf(values) ?? null;
  return [values.active !== false, userNameKey(type, values, objectId), ...inColumns, franchisee, nameKey(values)];
}

/** What goes into the row of what is shown: the state of a user's sign-ins has columns of its own. */
function keptDocument(type: ResourceType, values: Values, document: string): string {
  const hasState = type.name === 'User' && Object.keys(stateOf(values)).length > 0;
  return hasState ? writeDocument(type, withoutState(values)) : document;
}

/** The key under which a userName is unique; somebody without one is known by his object id. */
function userNameKey(type: ResourceType, values: Values, objectId: string): string {
  const { userName } = type.attributes;
  return userName === undefined ? objectId : textKey(userName, String(values.userName ?? objectId));
}

const updateStatement = forEachType('update', (type) => {
  const state = [...Object.values(stateColumns), 'franchisee', 'name_key'].map(
    (column, index) => `, ${column} = $${10 + index}`,
  );
  const last = `, last_writer = coalesce(${writer(`$${10 + state.length}`)}, last_writer)`;
  const own = type.name === 'User' ? `, active = $8, user_name_key = $9${state.join('')}${last}` : '';
  return `update ${type.table} set version = $3, modified_at = $4, has_references = $5, label = $6, document = $7${own}
    where tenant = $1 and id = $2`;
});

/**
 * Writes the new attributes of a resource that the transaction holds, and the rows of the value table for what is
 * different. Gives the resource as it now is. Travels with the commit, which raises `already_exists` for a taken userName.
 */
export function saveResource(
  tx: Tx,
  { tenant, connection }: Viewer,
  type: ResourceType,
  before: Resource,
  after: Values,
  saving: { readonly time: string; readonly differences: readonly Difference[] },
): Resource {
  const document = writeDocument(type, after);
  const version = before.version + 1;
  const refers = referencesOf(type, after).length > 0;
  tx.send(updateStatement[type.name], [
    tenant,
    before.id,
    version,
    saving.time,
    refers,
    labelOf(type, after, before.objectId),
    keptDocument(type, after, document),
    ...ownValues(type, after, before.objectId),
    ...(type.name === 'User' ? [connection] : []),
  ]);
  replaceValues(tx, tenant, type, before.id, after, new Set(saving.differences.map(({ path }) => path)));
  return { ...before, version, modifiedAt: saving.time, document, refers };
}

const touchStatement = forEachType('touch', (type) => {
  const last = type.name === 'User' ? `, last_writer = coalesce(${writer('$5')}, last_writer)` : '';
  return `update ${type.table} set version = $3, modified_at = $4${last} where tenant = $1 and id = $2`;
});

/** Raises the version of a resource of which only something beside the document changed, such as an external id. */
export function touchResource(tx: Tx, viewer: Viewer, type: ResourceType, before: Resource, time: string): Resource {
  const version = before.version + 1;
  const writers = type.name === 'User' ? [viewer.connection] : [];
  tx.send(touchStatement[type.name], [viewer.tenant, before.id, version, time, ...writers]);
  return { ...before, version, modifiedAt: time };
}

const deleteStatement = forEachType(
  'delete',
  (type) => `with gone as (delete from ${type.table} where tenant = $1 and id = $2 returning number, object_id),
    unvalued as (delete from attribute_value where tenant = $1 and owner = $2),
    unlabelled as (delete from external_id where tenant = $1 and resource = $2),
    counted as (update resource_count set count = count - 1 where tenant = $1 and kind = '${type.name}' and slot = $3)
    insert into tombstone (tenant, id, kind, number, object_id)
    select $1, $2, '${type.name}', number, object_id from gone`,
);

/** Takes a resource off the roll and leaves a tombstone, so that none of its ids is given to another. */
export function deleteResource(tx: Tx, tenant: number, type: ResourceType, id: string): void {
  tx.send(deleteStatement[type.name], [tenant, id, someSlot()]);
}

/** Writers that meet in time rarely meet in a slot. */
function someSlot(): number {
  return Math.floor(Math.random() * counterSlots);
}
