import { type Filter as LibraryFilter, parse } from 'scim2-parse-filter';
import type { Comparison } from '#domain/filter.ts';
import type { Literal, Name } from './lex.ts';

/** A filter as it was written: its names are not yet resolved, its values have no type yet. */
export type FilterTree =
  | { readonly op: 'and' | 'or'; readonly filters: readonly FilterTree[] }
  | { readonly op: 'not'; readonly filter: FilterTree }
  | { readonly op: 'some'; readonly name: Name; readonly filter: FilterTree }
  | { readonly op: 'pr'; readonly name: Name }
  | { readonly op: Comparison; readonly name: Name; readonly literal: Literal };

/** A checked filter in which every name and value is replaced by its number: `a0 eq "0" and a1[(a2 pr)]`. */
export interface Skeleton {
  text: string;
  readonly names: Name[];
  readonly literals: Literal[];
}

/**
 * Gives a skeleton to scim2-parse-filter and puts the names and values back into its tree. The library sees nothing
 * that a client wrote: on a client's text it can hang for hours, loses escapes and accepts what is no filter.
 */
export function buildTree(skeleton: Skeleton): FilterTree {
  return restore(skeleton, parse(skeleton.text));
}

function restore(skeleton: Skeleton, tree: LibraryFilter): FilterTree {
  switch (tree.op) {
    case 'and':
    case 'or':
      return { op: tree.op, filters: tree.filters.map((filter) => restore(skeleton, filter)) };
    case 'not':
      return { op: 'not', filter: restore(skeleton, tree.filter) };
    case '[]':
      return { op: 'some', name: nameOf(skeleton, tree.attrPath), filter: restore(skeleton, tree.valFilter) };
    case 'pr':
      return { op: 'pr', name: nameOf(skeleton, tree.attrPath) };
    case 'eq':
    case 'ne':
    case 'co':
    case 'sw':
    case 'ew':
    case 'gt':
    case 'ge':
    case 'lt':
    case 'le':
      return { op: tree.op, name: nameOf(skeleton, tree.attrPath), literal: literalOf(skeleton, tree.compValue) };
  }
}

function nameOf(skeleton: Skeleton, placeholder: string): Name {
  return found(skeleton.names[Number(placeholder.slice(1))]);
}

function literalOf(skeleton: Skeleton, placeholder: unknown): Literal {
  return found(skeleton.literals[Number(placeholder)]);
}

function found<T>(original: T | undefined): T {
  if (original === undefined) throw new Error('scim2-parse-filter answered with a placeholder that it was not given');
  return original;
}
