import type { Attribute, Value, Values } from '#attributes/attribute.ts';
import type { ResourceType } from '#attributes/resource-type.ts';
import { keyOf } from '#domain/key-of.ts';
import { type Located, locateAll } from '#domain/locate.ts';
import { searchKey } from './search-key.ts';

/** One row of the value table: what filters ask about. */
export interface ValueRow {
  readonly path: string;
  readonly element: number;
  readonly searchable: boolean;
  readonly text_key?: string;
  /** What the trigram index holds, where that is not the key itself. */
  readonly search_key?: string;
  readonly number_key?: number;
}

/** The name under which the value table knows a path of a resource type. */
export function valuePath(type: ResourceType, path: string): string {
  return `${type.name}.${path}`;
}

const storedPaths = new Map<string, readonly Located[]>();

/** The rows of the value table for the attributes of one resource. */
export function valueRows(type: ResourceType, values: Values): ValueRow[] {
  return pathsOf(type).flatMap((located) => rowsOf(type, located, values));
}

/** Which paths differ between two sets of rows, and the new rows of those paths. */
export function changedRows(before: readonly ValueRow[], after: readonly ValueRow[]) {
  const old = byPath(before);
  const fresh = byPath(after);
  const paths = [...new Set([...old.keys(), ...fresh.keys()])].filter(
    (path) => JSON.stringify(old.get(path)) !== JSON.stringify(fresh.get(path)),
  );
  return { paths, rows: paths.flatMap((path) => fresh.get(path) ?? []) };
}

function byPath(rows: readonly ValueRow[]): Map<string, ValueRow[]> {
  return Map.groupBy(rows, (row) => row.path);
}

function pathsOf(type: ResourceType): readonly Located[] {
  const known = storedPaths.get(type.name);
  if (known !== undefined) return known;
  const paths = locateAll(type.attributes).filter((located) => isInValueTable(rowAttribute(located)));
  storedPaths.set(type.name, paths);
  return paths;
}

function rowAttribute(located: Located): Attribute {
  return located.part?.attribute ?? located.attribute;
}

/** Whether filters find the values of an attribute in the value table. */
export function isInValueTable({ stored }: Attribute): boolean {
  return stored !== undefined && 'values' in stored && stored.values !== undefined;
}

function rowsOf(type: ResourceType, located: Located, values: Values): ValueRow[] {
  const holder = located.extension === undefined ? values : ((values[located.extension] ?? {}) as Values);
  const value = holder[located.name];
  if (value === undefined) return [];
  const elements = (located.attribute.many ? value : [value]) as readonly Value[];
  const attribute = rowAttribute(located);
  return elements.flatMap((element, index) => {
    const leaf = located.part === undefined ? element : (element as Values)[located.part.name];
    return leaf === undefined ? [] : rowOf(attribute, valuePath(type, located.path), index, leaf);
  });
}

function rowOf(attribute: Attribute, path: string, element: number, value: Value): ValueRow[] {
  const key = keyOf(attribute, value);
  const { stored } = attribute;
  const searchable = stored !== undefined && 'values' in stored && stored.values === 'text';
  if (key === undefined) return [];
  if (typeof key === 'number') return [{ path, element, searchable, number_key: key }];
  const search = searchable ? searchKey(key) : key;
  return [{ path, element, searchable, text_key: key, ...(search !== key && { search_key: search }) }];
}
