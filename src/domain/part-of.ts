import type { Attribute } from '#attributes/attribute.ts';

/** The part of an element that a name stands for; an element without parts is its own `value`. */
export function partOf(attribute: Attribute, name: string): Attribute | undefined {
  if (attribute.parts === undefined) return name === 'value' ? attribute : undefined;
  return Object.hasOwn(attribute.parts, name) ? attribute.parts[name] : undefined;
}
