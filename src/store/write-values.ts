import type { Values } from '#attributes/attribute.ts';
import type { ResourceType } from '#attributes/resource-type.ts';
import type { Tx } from './database.ts';
import { type ValueRow, valuePaths, valueRows } from './value-rows.ts';

/** The SQL that inserts rows of the value table for the resource `$2` of the tenant `$1`; its six lists begin at `$first`. */
export function insertValues(first: number): string {
  const types = ['text', 'smallint', 'boolean', 'text', 'text', 'float8'];
  const lists = types.map((type, index) => `$${first + index}::${type}[]`).join(', ');
  return `insert into attribute_value (tenant, owner, path, element, searchable, text_key, search_key, number_key)
    select $1, $2, path, element, searchable, text_key, search_key, number_key
    from unnest(${lists}) as v (path, element, searchable, text_key, search_key, number_key)`;
}

/** The rows as the six lists that `insertValues` takes. */
export function valueColumns(rows: readonly ValueRow[]): unknown[] {
  return [
    rows.map(({ path }) => path),
    rows.map(({ element }) => element),
    rows.map(({ searchable }) => searchable),
    rows.map(({ text_key }) => text_key ?? null),
    rows.map(({ search_key }) => search_key ?? null),
    rows.map(({ number_key }) => number_key ?? null),
  ];
}

const replaceStatement = {
  name: 'replace-values',
  text: `with gone as (delete from attribute_value where tenant = $1 and owner = $2 and path = any($3::text[]))
    ${insertValues(4)}`,
};

/** Writes the rows of these attributes anew. Nothing is sent when none of them is in the value table. */
export function replaceValues(
  tx: Tx,
  tenant: number,
  type: ResourceType,
  owner: string,
  values: Values,
  attributes: ReadonlySet<string>,
): void {
  const paths = valuePaths(type, attributes);
  if (paths.length === 0) return;
  tx.send(replaceStatement, [tenant, owner, paths, ...valueColumns(valueRows(type, values, attributes))]);
}
