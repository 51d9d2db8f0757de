import type { ResourceType } from '#attributes/resource-type.ts';
import type { Holder, Known } from '#domain/match-exported.ts';
import type { Namespace } from '#domain/person.ts';
import type { Db, Tx } from './database.ts';
import { listInParts } from './list-in-parts.ts';
import { forEachType } from './statements.ts';

const broughtNone = (kind: string, id: string) => `not exists (
  select from brought_id b where b.tenant = $1 and b.resource = ${id} and b.dialect = $2 and b.kind = '${kind}'
)`;

/** A key of a group is a user to its clients, and has a number among those of people: the table api_key. */
const keyUsers = `
  union all
  select k.user_number::text, k.connection, n.name, 'apiKey' from api_key k
  join connection n on n.tenant = $1 and n.id = k.connection and n.dialect = $2 and n.revoked_at is null
  where k.tenant = $1 and k.user_number = any($3::bigint[])`;

const holdersStatement = forEachType(
  'holders-of-numbers',
  (type) => `select r.number::text as key, r.id, r.label as name, 'resource' as what from ${type.table} r
    where r.tenant = $1 and r.number = any($3::bigint[]) and ${broughtNone(type.name, 'r.id')}
    union all
    select t.number::text, t.id, t.id::text, 'deleted' from tombstone t
    where t.tenant = $1 and t.kind = '${type.name}' and t.number = any($3::bigint[]) and ${broughtNone(type.name, 't.id')}
    ${type.name === 'User' ? keyUsers : ''}`,
);

/** Who is, or was, shown under these keys since they are his number, by key. Nobody in a namespace that counts nothing. */
export async function holdersOf(
  db: Db,
  tenant: number,
  type: ResourceType,
  { dialect, keys }: Namespace,
  wanted: readonly string[],
): Promise<Known['holders']> {
  if (keys !== 'number') return new Map();
  const rows = await listInParts(db, holdersStatement[type.name], wanted, (part) => [tenant, dialect, part]);
  return new Map(rows.map((row) => [row.key as string, row as unknown as Holder]));
}

const moveStatement = { name: 'move-numbers-past', text: 'select move_numbers_past($1, $2, $3)' };

/** From now on the numbers of a type are higher than this one. */
export async function moveNumbersPast(tx: Tx, tenant: number, type: ResourceType, highest: string): Promise<void> {
  await tx.run(moveStatement, [type.table, tenant, highest]);
}

const numbersStatement = {
  name: 'take-numbers',
  text: 'select nextval($1::text::regclass)::text as number from generate_series(1, $2)',
};

/** As many numbers of a type that are nobody's and will be nobody's. */
export async function takeNumbers(tx: Tx, tenant: number, type: ResourceType, count: number): Promise<string[]> {
  if (count === 0) return [];
  const rows = await tx.run(numbersStatement, [`${type.table}_number_${tenant}`, count]);
  return rows.map(({ number }) => number as string);
}

const keyUserStatement = {
  name: 'renumber-key-user',
  text: `update api_key set user_number = $3 where tenant = $1 and connection = $2`,
};

/** Gives the user that a key is to its clients another number. */
export function renumberKeyUser(tx: Tx, tenant: number, connection: string, number: string): void {
  tx.send(keyUserStatement, [tenant, connection, number]);
}
