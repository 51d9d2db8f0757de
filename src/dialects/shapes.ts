import type { Representation, Shape } from './representation.ts';

export const textShape: Shape = { type: 'string' };
export const maybeTextShape: Shape = { type: ['string', 'null'] };
export const integerShape: Shape = { type: 'integer' };
export const flagShape: Shape = { type: 'boolean' };
export const momentShape: Shape = { type: 'string', format: 'date-time' };
export const maybeMomentShape: Shape = { type: ['string', 'null'], format: 'date-time' };

/** A list of such items. */
export function listOf(items: Shape): Shape {
  return { type: 'array', items };
}

/** An object that has all of these members. */
export function objectOf(properties: Readonly<Record<string, Shape>>): Shape {
  return { type: 'object', properties, required: Object.keys(properties) };
}

/** An object with these fields and some more members. */
export function shapeOf(fields: Representation, more: Readonly<Record<string, Shape>> = {}): Shape {
  const shapes = Object.entries(fields).map(([name, { shape }]) => [name, shape] as const);
  return objectOf({ ...Object.fromEntries(shapes), ...more });
}
