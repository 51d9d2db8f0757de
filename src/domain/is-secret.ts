import type { Attributes } from '#attributes/attribute.ts';
import { allAttributes, resourceTypes } from '#attributes/resource-type.ts';

const neverShown: ReadonlySet<string> = new Set(
  resourceTypes.flatMap((type) => namesOf(allAttributes(type))).map((name) => name.toLowerCase()),
);

function namesOf(attributes: Attributes): readonly string[] {
  return Object.entries(attributes).flatMap(([name, { returned, parts }]) => [
    ...(returned === 'never' ? [name] : []),
    ...(parts === undefined ? [] : namesOf(parts)),
  ]);
}

const telling =
  /pass(?:word|wd|phrase|code)|secret|token|authori[sz]ation|credential|api[-_]?key|private[-_]?key|jwk|assertion|cookie|session|signature/i;

/**
 * Whether what stands under this name must never be kept: an attribute that is never returned, or a name that speaks of a
 * secret, whichever API it is from. Of a path, such as `urn:...:User:password`, its last name counts.
 */
export function isSecret(name: string): boolean {
  return telling.test(name) || neverShown.has(lastOf(name).toLowerCase());
}

function lastOf(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('.'), path.lastIndexOf(':')) + 1);
}
