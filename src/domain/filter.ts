/** What a filter compares a value with. `null` stands for "no value". */
export type FilterValue = string | number | boolean | null;

/** The comparisons of RFC 7644 section 3.4.2.2. */
export const comparisons = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'] as const;
export type Comparison = (typeof comparisons)[number];

/**
 * One test of one attribute. `like` is that of APIs whose searches have wildcards, and no SCIM client can ask it: the
 * value is a pattern for the whole text, in which `%` stands for any characters and `_` for any one.
 */
export interface Test {
  readonly op: Comparison | 'like';
  readonly path: string;
  readonly value: FilterValue;
}

/**
 * A question about attributes, as data: RFC 7644 section 3.4.2.2. `some` asks for one element of the multi-valued
 * attribute `path` for which `filter` holds; the paths inside it are those of the element's parts.
 */
export type Filter =
  | { readonly op: 'and' | 'or'; readonly filters: readonly Filter[] }
  | { readonly op: 'not'; readonly filter: Filter }
  | { readonly op: 'some'; readonly path: string; readonly filter: Filter }
  | { readonly op: 'pr'; readonly path: string }
  | Test;
