import type { Value, Values } from '#attributes/attribute.ts';
import { fold } from '#domain/fold.ts';

/** How much of a name people are ordered by, in characters. The migration has the same number. */
const orderedLength = 128;

/** What stands between the two names: below every character that a name is likely to have. */
const between = '\u0001';

/**
 * What lists by name are ordered by, byte by byte: first names, then last name, each folded as everywhere; who has none
 * comes after those who have one. Takes the attributes of a user.
 */
export function nameKey({ name }: Values): string {
  const { givenName, familyName } = (name ?? {}) as Values;
  return [partKey(givenName), partKey(familyName)].join(between);
}

function partKey(name: Value | undefined): string {
  return name === undefined ? '1' : `0${[...fold(String(name))].slice(0, orderedLength).join('')}`;
}
