import type { ResourceType } from '#attributes/resource-type.ts';
import { isSearchable } from '#domain/check-filter.ts';
import type { Namespace } from '#domain/person.ts';
import type { Db } from './database.ts';
import { forEachType } from './statements.ts';

const ownColumns = { number: 'number', objectId: 'object_id' } as const;

/**
 * The key under which the clients of a namespace know the resource `r`: the id that was brought along for its dialect,
 * else its number or object id. Whoever brought several is shown with one of them. `dialect` is a placeholder.
 */
export function keyOfRow(type: ResourceType, keys: Namespace['keys'], dialect: string): string {
  return `coalesce((select min(b.key) ${broughtIds(type, dialect)}), r.${ownColumns[keys]}::text)`;
}

/** The ids of the resource `r` that were brought along for a dialect, as rows `b`. */
function broughtIds(type: ResourceType, dialect: string): string {
  return `from brought_id b
    where b.tenant = r.tenant and b.resource = r.id and b.dialect = ${dialect} and b.kind = '${type.name}'`;
}

const statements = {
  number: forEachType('find-by-number', (type) => findText(type, 'r.number = k.number')),
  objectId: forEachType('find-by-object-id', (type) => findText(type, 'r.object_id = k.key')),
};

/** What has an id that was brought along is not known by its own: what is shown and what is found are the same. */
// Not as "not exists", which the planner may answer by reading all ids that were brought along.
function findText(type: ResourceType, isOwn: string): string {
  return `select k.key, coalesce((
      select b.resource from brought_id b
      where b.tenant = $1 and b.dialect = $2 and b.kind = '${type.name}' and b.key = k.key
    ), (
      select r.id from ${type.table} r
      where r.tenant = $1 and ${isOwn} and (select min(b.key) ${broughtIds(type, '$2')}) is null
    )) as id
    from unnest($3::text[], $4::bigint[]) as k (key, number)`;
}

/** The id of the resource that the clients of a namespace know by this key; undefined for a key that nobody has. */
export async function findByKey(
  db: Db,
  tenant: number,
  type: ResourceType,
  namespace: Namespace,
  key: string,
): Promise<string | undefined> {
  return (await findByKeys(db, tenant, type, namespace, [key])).get(key);
}

/** The ids of the resources that the clients of a namespace know by these keys, by key; keys that nobody has are left out. */
export async function findByKeys(
  db: Db,
  tenant: number,
  type: ResourceType,
  { dialect, keys }: Namespace,
  wanted: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const known = [...new Set(wanted)].filter(isSearchable);
  if (known.length === 0) return new Map();
  const rows = await db.read(statements[keys][type.name], [tenant, dialect, known, known.map(numberIn)]);
  return new Map(rows.flatMap(({ key, id }) => (id === null ? [] : [[key as string, id as string]])));
}

const numberMax = 2n ** 63n - 1n;

/** The number that a key is, as text; null where no number is written so or none is so large. */
function numberIn(key: string): string | null {
  return /^(0|[1-9]\d{0,18})$/.test(key) && BigInt(key) <= numberMax ? key : null;
}
