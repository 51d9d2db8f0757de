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

/** A path whose values are in the value table, with the facts that its rows need. */
interface StoredPath {
  readonly located: Located;
  /** The path of the whole attribute, part left out: what the journal names. */
  readonly attributePath: string;
  readonly name: string;
  readonly attribute: Attribute;
  readonly searchable: boolean;
}

const storedPaths = new Map<string, readonly StoredPath[]>();

/** The rows of the value table for the attributes of one resource; with `only` for those attributes alone. */
export function valueRows(type: ResourceType, values: Values, only?: ReadonlySet<string>): ValueRow[] {
  return pathsOf(type)
    .filter(({ attributePath }) => only === undefined || only.has(attributePath))
    .flatMap((stored) => rowsOf(stored, values));
}

/** The names under which the value table has values of these attributes. */
export function valuePaths(type: ResourceType, attributes: ReadonlySet<string>): string[] {
  return pathsOf(type)
    .filter(({ attributePath }) => attributes.has(attributePath))
    .map(({ name }) => name);
}

function pathsOf(type: ResourceType): readonly StoredPath[] {
  const known = storedPaths.get(type.name);
  if (known !== undefined) return known;
  const paths = locateAll(type.attributes)
    .filter((located) => isInValueTable(rowAttribute(located)))
    .map((located) => storedPath(type, located));
  storedPaths.set(type.name, paths);
  return paths;
}

function storedPath(type: ResourceType, located: Located): StoredPath {
  const attribute = rowAttribute(located);
  const { stored } = attribute;
  return {
    located,
    attributePath: located.extension === undefined ? located.name : `${located.extension}.${located.name}`,
    name: valuePath(type, located.path),
    attribute,
    searchable: stored !== undefined && 'values' in stored && stored.values === 'text',
  };
}

function rowAttribute(located: Located): Attribute {
  return located.part?.attribute ?? located.attribute;
}

/** Whether filters find the values of an attribute in the value table. */
export function isInValueTable({ stored }: Attribute): boolean {
  return stored !== undefined && 'values' in stored && stored.values !== undefined;
}

function rowsOf(stored: StoredPath, values: Values): ValueRow[] {
  const { located } = stored;
  const holder = located.extension === undefined ? values : ((values[located.extension] ?? {}) as Values);
  const value = holder[located.name];
  if (value === undefined) return [];
  const elements = (located.attribute.many ? value : [value]) as readonly Value[];
  return elements.flatMap((element, index) => {
    const leaf = located.part === undefined ? element : (element as Values)[located.part.name];
    return leaf === undefined ? [] : rowOf(stored, index, leaf);
  });
}

function rowOf({ attribute, name: path, searchable }: StoredPath, element: number, value: Value): ValueRow[] {
  const key = keyOf(attribute, value);
  if (key === undefined) return [];
  if (typeof key === 'number') return [{ path, element, searchable, number_key: key }];
  const search = searchable ? searchKey(key) : key;
  return [{ path, element, searchable, text_key: key, ...(search !== key && { search_key: search }) }];
}
