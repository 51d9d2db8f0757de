import fc from 'fast-check';
import type { Attribute, Attributes } from '#attributes/attribute.ts';
import { isSearchable } from '#domain/check-filter.ts';
import { type Comparison, comparisons, type Filter, type FilterValue } from '#domain/filter.ts';
import { leafOf, locateAll } from '#domain/locate.ts';

interface Askable {
  readonly path: string;
  readonly leaf: Attribute;
}

const text = fc
  .oneof(
    fc.array(fc.integer({ min: 1, max: 0x10ffff }), { maxLength: 8 }).map((points) => String.fromCodePoint(...points)),
    fc.constantFrom('', '"', '\\', 'CORP\\bob', '%_', 'И', '😀', '\n'),
  )
  .filter(isSearchable);
const time = fc
  .date({ min: new Date('1000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString());
const whole = fc.maxSafeInteger();
const decimal = fc
  .double({ noNaN: true, noDefaultInfinity: true })
  .filter((number) => !Number.isInteger(number) || Number.isSafeInteger(number))
  .map((number) => (number === 0 ? 0 : number));

/**
 * Filters of every kind over what a table lets filters ask about, not in normal form. Takes the values to compare an
 * attribute with, where any value will not do.
 */
export function anyFilter(table: Attributes, valuesOf = anyValue): fc.Arbitrary<Filter> {
  const paths = locateAll(table)
    .map((located) => ({ path: located.path, leaf: leafOf(located) }))
    .filter(isAskable);
  const lists = locateAll(table)
    .filter(({ attribute, part }) => attribute.many && part === undefined)
    .map(({ path, attribute }) => ({ path, parts: partsOf(attribute).filter(isAskable) }))
    .filter(({ parts }) => parts.length > 0);
  if (lists.length === 0) return combined(anyTest(paths, valuesOf));
  const some = fc
    .constantFrom(...lists)
    .chain(({ path, parts }) =>
      combined(anyTest(parts, valuesOf)).map((filter): Filter => ({ op: 'some', path, filter })),
    );
  return combined(fc.oneof(anyTest(paths, valuesOf), some));
}

function partsOf(attribute: Attribute): Askable[] {
  return Object.entries(attribute.parts ?? { value: attribute }).map(([path, leaf]) => ({ path, leaf }));
}

function isAskable({ leaf }: Askable): boolean {
  return leaf.stored !== undefined && leaf.type !== 'complex';
}

function combined(single: fc.Arbitrary<Filter>): fc.Arbitrary<Filter> {
  return fc.letrec<{ filter: Filter }>((tie) => ({
    filter: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      single,
      fc.record({ op: fc.constant('not' as const), filter: tie('filter') }),
      fc.record({
        op: fc.constantFrom('and' as const, 'or' as const),
        filters: fc.array(tie('filter'), { minLength: 1, maxLength: 3 }),
      }),
    ),
  })).filter;
}

function anyTest(paths: readonly Askable[], valuesOf: typeof anyValue): fc.Arbitrary<Filter> {
  return fc.constantFrom(...paths).chain(({ path, leaf }) =>
    fc.oneof(
      fc.constant<Filter>({ op: 'pr', path }),
      fc.constantFrom<Filter>({ op: 'eq', path, value: null }, { op: 'ne', path, value: null }),
      fc.tuple(fc.constantFrom(...allowed(leaf)), valuesOf(leaf)).map(([op, value]): Filter => ({ op, path, value })),
    ),
  );
}

function allowed({ type }: Attribute): Comparison[] {
  return comparisons.filter((op) => {
    if (type === 'boolean' || type === 'binary') return op === 'eq' || op === 'ne';
    return type === 'string' || type === 'reference' || !['co', 'sw', 'ew'].includes(op);
  });
}

function anyValue({ type }: Attribute): fc.Arbitrary<FilterValue> {
  if (type === 'boolean') return fc.boolean();
  if (type === 'integer') return whole;
  if (type === 'decimal') return decimal;
  return type === 'dateTime' ? time : text;
}
