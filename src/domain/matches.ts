import type { Attribute, Attributes, Value, Values } from '#attributes/attribute.ts';
import type { Filter, Test } from './filter.ts';
import { isLike } from './is-like.ts';
import { type Key, keyOf } from './key-of.ts';
import { locate } from './locate.ts';
import { partOf } from './part-of.ts';

/** Finds the attribute that a path names and its value, if there is one. */
type Look = (path: string) => { readonly attribute: Attribute; readonly value: Value | undefined };

/**
 * Whether a resource answers a filter, which must be in the normal form of `checkFilter` over the same table. Values
 * are compared by `keyOf`, as in the index. A missing value fails every comparison, and so passes its `not`.
 */
export function matches(table: Attributes, filter: Filter, values: Values): boolean {
  return holds(filter, (path) => {
    const located = locate(table, path);
    if (located === undefined) throw new Error('a filter was not checked against the table before it was asked');
    return { attribute: located.part?.attribute ?? located.attribute, value: valueAt(values, path) };
  });
}

/**
 * Whether one element of a multi-valued attribute answers a filter about its parts, which must be in the normal form of
 * `checkElementFilter`. An element without parts counts as one whose `value` it is.
 */
export function matchesElement(attribute: Attribute, filter: Filter, element: Value): boolean {
  return holds(filter, (path) => {
    const part = partOf(attribute, path);
    if (part === undefined) throw new Error('a filter was not checked against the parts before it was asked');
    return { attribute: part, value: typeof element === 'object' ? step(element, path) : element };
  });
}

function holds(filter: Filter, look: Look): boolean {
  switch (filter.op) {
    case 'and':
      return filter.filters.every((inner) => holds(inner, look));
    case 'or':
      return filter.filters.some((inner) => holds(inner, look));
    case 'not':
      return !holds(filter.filter, look);
    case 'some': {
      const { attribute, value } = look(filter.path);
      return Array.isArray(value) && value.some((element) => matchesElement(attribute, filter.filter, element));
    }
    case 'pr':
      return isPresent(look(filter.path).value);
    case 'eq':
    case 'ne':
    case 'co':
    case 'sw':
    case 'ew':
    case 'like':
    case 'gt':
    case 'ge':
    case 'lt':
    case 'le':
      return passes(filter, look);
  }
}

function passes(test: Test, look: Look): boolean {
  const { attribute, value } = look(test.path);
  const asked = test.value === null ? undefined : keyOf(attribute, test.value);
  if (asked === undefined || test.op === 'ne') throw new Error('a filter was not brought into normal form');
  const key = value === undefined ? undefined : keyOf(attribute, value);
  return key !== undefined && compare(test.op, key, asked);
}

function compare(op: Exclude<Test['op'], 'ne'>, key: Key, asked: Key): boolean {
  switch (op) {
    case 'eq':
      return key === asked;
    case 'co':
      return String(key).includes(String(asked));
    case 'sw':
      return String(key).startsWith(String(asked));
    case 'ew':
      return String(key).endsWith(String(asked));
    case 'like':
      return isLike(String(key), String(asked));
    case 'gt':
      return order(key, asked) > 0;
    case 'ge':
      return order(key, asked) >= 0;
    case 'lt':
      return order(key, asked) < 0;
    case 'le':
      return order(key, asked) <= 0;
  }
}

/** Texts are ordered by their bytes in UTF-8, as in Postgres' collation C, and so by code points. */
function order(one: Key, other: Key): number {
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  return Buffer.compare(Buffer.from(String(one)), Buffer.from(String(other)));
}

/** RFC 7643 section 2.5: an empty text, list or complex value is as good as none. */
function isPresent(value: Value | undefined): boolean {
  if (value === undefined || value === '') return false;
  return typeof value !== 'object' || Object.values(value).some(isPresent);
}

function valueAt(values: Values, path: string): Value | undefined {
  return path.split('.').reduce<Value | undefined>(step, values);
}

function step(value: Value | undefined, name: string): Value | undefined {
  if (typeof value !== 'object' || Array.isArray(value) || !Object.hasOwn(value, name)) return undefined;
  return (value as Values)[name];
}
