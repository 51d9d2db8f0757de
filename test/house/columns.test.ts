import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Attributes } from '#attributes/attribute.ts';
import { allAttributes, type ResourceType, resourceTypes } from '#attributes/resource-type.ts';
import { connectTo, freshDatabase } from '#test/support/database.ts';

let client: Client;
beforeAll(async () => {
  client = await connectTo(await freshDatabase());
});
afterAll(() => client.end());

interface StoredColumn {
  readonly type: ResourceType['name'];
  readonly table: string;
  readonly path: string;
  readonly column: string;
}

/** The columns that the attribute table names, with the paths that they keep. */
function columnsOf(type: ResourceType, attributes: Attributes, prefix = ''): readonly StoredColumn[] {
  return Object.entries(attributes).flatMap(([name, attribute]) => {
    const path = `${prefix}${name}`;
    const { stored, parts } = attribute;
    const own = stored !== undefined && 'column' in stored ? [stored.column] : [];
    const inside = parts === undefined ? [] : columnsOf(type, parts, `${path}.`);
    return [...own.map((column) => ({ type: type.name, table: type.table, path, column })), ...inside];
  });
}

/** `type` is the same for a whole table, so no column keeps it. */
const storedColumns = resourceTypes
  .flatMap((type) => columnsOf(type, allAttributes(type)))
  .filter(({ column }) => column !== 'type');

interface Index {
  readonly table: string;
  readonly name: string;
  readonly columns: readonly string[];
  readonly unique: boolean;
  readonly condition: string | null;
}

/** Every index of every table, from the catalogue of the database. An expression in an index has the name of none. */
async function readIndexes(): Promise<readonly Index[]> {
  const { rows } = await client.query<Index>(`
    select t.relname as table, i.relname as name, x.indisunique as unique, pg_get_expr(x.indpred, x.indrelid) as condition,
      array(
        select coalesce(a.attname::text, '') from unnest(x.indkey::int[]) with ordinality as k (attnum, place)
        left join pg_attribute a on a.attrelid = x.indrelid and a.attnum = k.attnum and k.attnum > 0
        order by place limit x.indnkeyatts
      ) as columns
    from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class t on t.oid = x.indrelid
    where t.relnamespace = 'public'::regnamespace and t.relkind in ('r', 'p')
    order by 1, 2`);
  return rows;
}

test('the attribute table names columns, or nothing below would be tested', () => {
  expect(storedColumns.map(({ path }) => path)).toEqual(expect.arrayContaining(['userName', 'active', 'meta.created']));
});

describe.each(storedColumns)('$type $path', ({ table, column }) => {
  test(`has its column ${table}.${column}`, async () => {
    const { rows } = await client.query(
      `select from pg_attribute where attrelid = to_regclass($1) and attname = $2 and attnum > 0 and not attisdropped`,
      [table, column],
    );
    expect(rows).toHaveLength(1);
  });

  test(`has an index that begins with the tenant and serves ${column}`, async () => {
    const serving = (await readIndexes()).filter(
      (index) =>
        index.table === table &&
        index.columns[0] === 'tenant' &&
        (index.columns[1] === column || index.condition?.match(/\w+/g)?.includes(column)),
    );
    expect(serving.map((index) => index.name)).not.toEqual([]);
  });
});

/** Tables that are asked before the tenant is known, or that all tenants share. */
const withoutTenant = ['tenant', 'credential', 'migration', 'limiter', 'trusted_issuer'];

test('every primary key and every unique constraint begins with the tenant', async () => {
  const unique = (await readIndexes()).filter((index) => index.unique && !withoutTenant.includes(index.table));
  expect(unique.length).toBeGreaterThan(10);
  expect(unique.filter((index) => index.columns[0] !== 'tenant').map((index) => index.name)).toEqual([]);
});

test('every table but those of all tenants has the tenant, never null', async () => {
  const { rows } = await client.query<{ name: string }>(`
    select relname as name from pg_class t
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not exists (
      select from pg_attribute a where a.attrelid = t.oid and a.attname = 'tenant' and a.attnotnull
    )`);
  expect(rows.map((row) => row.name).sort()).toEqual(['limiter', 'migration', 'retention']);
});
