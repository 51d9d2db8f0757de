import type { ResourceType } from '#attributes/resource-type.ts';
import { Fault } from '#domain/fault.ts';
import type { Known } from '#domain/match-exported.ts';
import type { Namespace } from '#domain/person.ts';
import type { Db, Tx } from './database.ts';
import { listInParts } from './list-in-parts.ts';
import { forEachType } from './statements.ts';

/** An id that somebody had in a system that is replaced. */
export interface BroughtId {
  readonly key: string;
  readonly id: string;
}

const broughtStatement = forEachType(
  'brought-by-key',
  (type) => `select b.key, b.resource, r.id is not null as is_there
    from unnest($3::text[]) as k (key)
    join brought_id b on b.tenant = $1 and b.dialect = $2 and b.kind = '${type.name}' and b.key = k.key
    left join ${type.table} r on r.tenant = $1 and r.id = b.resource`,
);

/** Whose these keys are, by key: the brought ids of a namespace alone, also those of who has been deleted. */
export async function broughtByKey(
  db: Db,
  tenant: number,
  type: ResourceType,
  { dialect }: Namespace,
  keys: readonly string[],
): Promise<Known['brought']> {
  const rows = await listInParts(db, broughtStatement[type.name], keys, (part) => [tenant, dialect, part]);
  return new Map(
    rows.map((row) => [row.key as string, { id: row.resource as string, isThere: row.is_there === true }]),
  );
}

const keysStatement = {
  name: 'brought-of-resources',
  text: `select resource, min(key) as key from brought_id
    where tenant = $1 and dialect = $2 and kind = $3 and resource = any($4::uuid[]) group by resource`,
};

/** The keys that these brought along into a namespace, by id; who brought none is left out. */
export async function broughtOf(
  db: Db,
  tenant: number,
  type: ResourceType,
  { dialect }: Namespace,
  ids: readonly string[],
): Promise<Known['keys']> {
  const rows = await listInParts(db, keysStatement, ids, (part) => [tenant, dialect, type.name, part]);
  return new Map(rows.map((row) => [row.resource as string, row.key as string]));
}

/** The id under which the clients of one dialect know somebody. */
export interface DialectKey {
  readonly dialect: string;
  readonly key: string;
}

const ownStatement = {
  name: 'brought-of-resource',
  text: 'select dialect, key from brought_id where tenant = $1 and resource = $2 and kind = $3 order by dialect, key',
};

/** The ids that one resource brought along, of all dialects. */
export async function listBrought(db: Db, tenant: number, type: ResourceType, id: string): Promise<DialectKey[]> {
  return (await db.read(ownStatement, [tenant, id, type.name])) as unknown as DialectKey[];
}

const holdStatement = { name: 'hold-import', text: 'select pg_advisory_xact_lock($1, hashtext($2))' };

/** Until the transaction ends nobody else brings ids along into this namespace. */
export function holdNamespace(tx: Tx, tenant: number, { dialect }: Namespace): void {
  tx.send(holdStatement, [tenant, `brought ids of ${dialect}`]);
}

const heldStatement = {
  name: 'brought-any-of-resources',
  text: 'select from brought_id where tenant = $1 and dialect = $2 and kind = $3 and resource = any($4::uuid[]) limit 1',
};

/** Raises `precondition_failed` when one of these brought an id along into a namespace, which the transaction holds. */
export async function checkNoneBrought(
  tx: Tx,
  tenant: number,
  type: ResourceType,
  { dialect }: Namespace,
  ids: readonly string[],
): Promise<void> {
  const held = await tx.run(heldStatement, [tenant, dialect, type.name, ids]);
  if (held.length === 0) return;
  throw new Fault('precondition_failed', 'somebody brings ids along at the same time; try again');
}

const saveStatement = {
  name: 'save-brought-ids',
  text: `insert into brought_id (tenant, dialect, kind, key, resource)
    select $1, $2, $3, k.key, k.id from unnest($4::text[], $5::uuid[]) as k (key, id)`,
};

/** Keeps the ids that these had in a system that is replaced. Travels with the commit, which raises `already_exists` for a key that is somebody's. */
export function saveBroughtIds(
  tx: Tx,
  tenant: number,
  type: ResourceType,
  dialect: string,
  brought: readonly BroughtId[],
): void {
  if (brought.length === 0) return;
  tx.send(saveStatement, [tenant, dialect, type.name, brought.map(({ key }) => key), brought.map(({ id }) => id)]);
}
