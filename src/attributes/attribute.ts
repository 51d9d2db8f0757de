/** The kinds of value of RFC 7643 section 2.3. */
export type AttributeType =
  | 'string'
  | 'boolean'
  | 'decimal'
  | 'integer'
  | 'dateTime'
  | 'binary'
  | 'reference'
  | 'complex';

/**
 * Where the store keeps what a filter asks about. Absent: the attribute cannot be filtered on.
 *
 * - `column`: a column of the resource's own table, indexed; with `values` beside it, `co` and `ew` use the value table.
 * - `values`: rows of the value table; `text` adds the trigram index that serves `co` and `ew`.
 * - `link`: a table of its own that the filter compiler knows by name.
 */
export type Stored =
  | { readonly column: string; readonly values?: 'text' }
  | { readonly values: 'text' | 'plain' }
  | { readonly link: 'external_id' | 'members' | 'groups' };

/** One fact that a resource has: a row of facts, never functions. An absent key means the default of RFC 7643 section 2.2. */
export interface Attribute {
  readonly type: AttributeType;
  readonly about: string;
  readonly many?: true;
  readonly required?: true;
  readonly caseExact?: true;
  readonly mutability?: 'readOnly' | 'immutable' | 'writeOnly';
  readonly returned?: 'always' | 'never' | 'request';
  readonly uniqueness?: 'server';
  readonly canonical?: readonly string[];
  /** Only the canonical values are accepted. */
  readonly strict?: true;
  /** What a reference may point at: resource types, `external` or `uri`. */
  readonly references?: readonly string[];
  /** The parts of a complex attribute. */
  readonly parts?: Attributes;
  /** Set on a complex attribute that is an extension: the URN of its schema. */
  readonly urn?: string;
  readonly stored?: Stored;
  /** The longest value in code points; absent: the limit of any string in a request. */
  readonly lengthMax?: number;
  /** Accepted from clients and no part of the resource; never advertised. */
  readonly dropped?: true;
  /** Filled in when read, from other resources; ignored when sent. */
  readonly computed?: true;
}

export interface Attributes {
  readonly [name: string]: Attribute;
}

/** A value of an attribute as the domain holds it. Absent values are left out, never null. */
export type Value = string | number | boolean | { readonly [part: string]: Value } | readonly Value[];

/** The attributes of one resource. Keys are the names of the attribute table. */
export type Values = { readonly [name: string]: Value };
