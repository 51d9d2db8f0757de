import type { Attributes, Value, Values } from '#attributes/attribute.ts';
import { sameValue } from './same-value.ts';

/** What one attribute was and is; an absent side had no value. */
export interface Difference {
  readonly path: string;
  readonly from?: Value;
  readonly to?: Value;
}

/** What changed between two states of a resource, attribute by attribute, in the order of the table. */
export function differenceOf(table: Attributes, before: Values, after: Values): Difference[] {
  return Object.entries(table).flatMap(([name, attribute]) =>
    attribute.urn === undefined || attribute.parts === undefined
      ? one(name, before[name], after[name])
      : differenceOf(attribute.parts, partsOf(before[name]), partsOf(after[name])).map((inner) => ({
          ...inner,
          path: `${name}.${inner.path}`,
        })),
  );
}

function one(path: string, from: Value | undefined, to: Value | undefined): Difference[] {
  if (sameValue(from, to)) return [];
  return [{ path, ...(from !== undefined && { from }), ...(to !== undefined && { to }) }];
}

function partsOf(value: Value | undefined): Values {
  return (value ?? {}) as Values;
}
