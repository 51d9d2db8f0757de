import { isDeepStrictEqual } from 'node:util';
import type { Value, Values } from '#attributes/attribute.ts';

/** Whether two values are the same; the order of the keys of an object says nothing, the order of a list does. */
export function sameValue(one: Value | undefined, other: Value | undefined): boolean {
  return isDeepStrictEqual(one, other);
}

/** Whether two resources have the same attributes. */
export function sameValues(one: Values, other: Values): boolean {
  return isDeepStrictEqual(one, other);
}
