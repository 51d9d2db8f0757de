import type { Attribute, Value, Values } from '#attributes/attribute.ts';
import { keyOf } from './key-of.ts';
import { partOf } from './part-of.ts';

/** The listed elements that say the same parts: which those are, and the keys of what they say. */
interface Listed {
  readonly names: readonly string[];
  readonly keys: Set<string>;
}

/**
 * Puts listed elements in order so that each element of an attribute is looked up in them, not compared with each: one
 * entry for every set of parts that some of them say. What a listed element leaves out may be anything.
 */
export function indexListed(attribute: Attribute, listed: readonly Value[]): readonly Listed[] {
  const index = new Map<string, Listed>();
  for (const element of listed) {
    const names = namesIn(attribute, element);
    const entry = index.get(names.join()) ?? { names, keys: new Set<string>() };
    index.set(names.join(), entry);
    entry.keys.add(keyOfParts(attribute, names, element));
  }
  return [...index.values()];
}

/** Whether the element has every part that one of the listed says. */
export function isListed(attribute: Attribute, index: readonly Listed[], element: Value): boolean {
  return index.some(
    ({ names, keys }) =>
      names.every((name) => valueIn(element, name) !== undefined) && keys.has(keyOfParts(attribute, names, element)),
  );
}

function namesIn(attribute: Attribute, element: Value): string[] {
  return Object.keys(attribute.parts ?? { value: attribute }).filter((name) => valueIn(element, name) !== undefined);
}

function keyOfParts(attribute: Attribute, names: readonly string[], element: Value): string {
  return JSON.stringify(names.map((name) => keyIn(partOf(attribute, name), valueIn(element, name))));
}

function keyIn(part: Attribute | undefined, value: Value | undefined) {
  return part === undefined || value === undefined ? undefined : keyOf(part, value);
}

/** An element without parts is its own `value`. */
function valueIn(element: Value, name: string): Value | undefined {
  return typeof element === 'object' ? (element as Values)[name] : element;
}
