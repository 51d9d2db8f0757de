import type { Attribute } from '#attributes/attribute.ts';
import { allAttributes, type ResourceType } from '#attributes/resource-type.ts';
import { checkFilter } from '#domain/check-filter.ts';
import type { Filter } from '#domain/filter.ts';
import { leafOf, locate } from '#domain/locate.ts';
import type { FilterTree } from './filter-library.ts';
import { type Name, peek, type ReadOptions, refusal, type Scanner, scan, takeSpace } from './lex.ts';
import { readLiteral } from './read-literal.ts';
import { readTree } from './read-tree.ts';
import { resolveName, resolvePart } from './resolve-name.ts';

/** What a name of a filter stands for. */
interface Named {
  readonly path: string;
  /** The attribute that the path names. */
  readonly attribute: Attribute;
  /** The attribute whose values are compared. */
  readonly leaf: Attribute;
}

/** Finds what a name stands for; undefined: nothing. */
type Naming = (name: string) => Named | undefined;

/**
 * Reads the text of a filter about resources of one type: RFC 7644 section 3.4.2.2 and `emails[type eq "work"].value`.
 * Gives the filter in the normal form of `checkFilter`. Lenient also takes single-quoted and unquoted values, quoted
 * flags and numbers, tabs and no-break spaces, missing spaces, and bare names of extension attributes.
 * Faults with `invalid_filter`, with the column where the text is at fault, and as `checkFilter` does.
 */
export function readFilter(text: string, type: ResourceType, options: ReadOptions): Filter {
  const scanner = scan(text, 'filter', options);
  const tree = readTree(scanner, false);
  takeSpace(scanner);
  if (peek(scanner) !== undefined) throw refusal(scanner, 'and, or, or the end is expected');
  const table = allAttributes(type);
  const naming: Naming = (name) => {
    const path = resolveName(type, name, options);
    const located = path === undefined ? undefined : locate(table, path);
    return (
      located && { path: located.path, attribute: located.part?.attribute ?? located.attribute, leaf: leafOf(located) }
    );
  };
  return checkFilter(table, resolveTree(scanner, tree, naming));
}

/** Resolves the names and values of a filter about one element of a multi-valued attribute. Faults as `readFilter`. */
export function resolveElementTree(scanner: Scanner, tree: FilterTree, attribute: Attribute): Filter {
  return resolveTree(scanner, tree, elementNaming(attribute));
}

function elementNaming(attribute: Attribute): Naming {
  return (name) => {
    const path = resolvePart(attribute, name);
    if (path === undefined) return undefined;
    const part = attribute.parts?.[path] ?? attribute;
    return { path, attribute: part, leaf: part };
  };
}

function resolveTree(scanner: Scanner, tree: FilterTree, naming: Naming): Filter {
  switch (tree.op) {
    case 'and':
    case 'or':
      return { op: tree.op, filters: tree.filters.map((filter) => resolveTree(scanner, filter, naming)) };
    case 'not':
      return { op: 'not', filter: resolveTree(scanner, tree.filter, naming) };
    case 'some': {
      const { path, attribute } = named(scanner, tree.name, naming);
      return { op: 'some', path, filter: resolveElementTree(scanner, tree.filter, attribute) };
    }
    case 'pr':
      return { op: 'pr', path: named(scanner, tree.name, naming).path };
    case 'eq':
    case 'ne':
    case 'co':
    case 'sw':
    case 'ew':
    case 'gt':
    case 'ge':
    case 'lt':
    case 'le': {
      const { path, leaf } = named(scanner, tree.name, naming);
      return { op: tree.op, path, value: readLiteral(scanner, leaf, tree.literal) };
    }
  }
}

function named(scanner: Scanner, name: Name, naming: Naming): Named {
  const found = naming(name.text);
  if (found === undefined) throw refusal(scanner, 'there is no such attribute', name.at);
  return found;
}
