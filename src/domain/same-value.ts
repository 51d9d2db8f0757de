import { isDeepStrictEqual } from 'node:util';
import type { Value } from '#attributes/attribute.ts';

/** Whether two values are the same; the order of the keys of an object says nothing, the order of a list does. */
export function sameValue(one: Value | undefined, other: Value | undefined): boolean {
  return isDeepStrictEqual(one, other);
}
