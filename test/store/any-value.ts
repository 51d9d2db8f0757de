import fc from 'fast-check';
import type { Attribute, Attributes, Value, Values } from '#attributes/attribute.ts';
import type { FilterValue } from '#domain/filter.ts';

/** Texts that a comparison may get wrong: empty, wildcards, quotes, pairs of letters that fold alike, long ones. */
const texts = [
  ...['', ' ', '\n', '%', '_', '\\', 'a%b', 'a_b', 'a\\b', 'acb', '"', "it's", 'a.b', '{"a":1}', '$1', 'null'],
  ...['a', 'A', 'ab', 'AB', 'abc', 'Abcabc', 'work', 'Home', 'ada@example.org', 'ADA@Example.org', 'User', 'group'],
  ...[
    'ß',
    'ss',
    'SS',
    'İ',
    'i̇',
    'i',
    'ı',
    'Σ',
    'ς',
    'σ',
    'é',
    'e\u0301',
    'É',
    'Å',
    '\u212b',
    'ﬃ',
    'ffi',
    '\uff21',
    'ǆ',
  ],
  ...['жук', 'ЖУК', 'Жу', '東京', '한', '\u1112\u1161\u11ab', '😀', 'a😀b', '\ufffd', '\ue000', '\ud7ff', '\u{10ffff}'],
  ...['a\u{10ffff}', 'x'.repeat(128), `${'x'.repeat(128)}y`, 'Ж'.repeat(130), '😀'.repeat(129), '\u0390'.repeat(60)],
];
const times = [
  ...['2026-01-31T09:00:00Z', '2026-01-31T10:00:00+01:00', '2026-01-31T09:00:00.0000001Z', '2026-01-31T09:00:00.001Z'],
  ...['2026-01-31T09:00:00.0015Z', '1969-12-31T23:59:59.999Z', '0000-01-01T00:00:00Z', '9999-12-31T23:59:59-14:00'],
];
const wholes = [0, 1, -1, 7, 9, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER];
const decimals = [0, 0.1, 0.30000000000000004, 0.3, -0.5, 52.52, 1e21, 5e-324, -1e300];

/** Times at which resources were made and changed, in whole milliseconds as the columns have them. */
export const wholeTimes = times.slice(3, 4).concat('2026-01-31T09:00:00.000Z', '2026-01-31T09:00:00.002Z');

/** One of the texts, or two of them in a row. */
export const anyText = fc.oneof(
  fc.constantFrom(...texts),
  fc.tuple(fc.constantFrom(...texts), fc.constantFrom(...texts)).map(([one, other]) => one + other),
);

/** A value to compare an attribute with: often one that somebody has, or a piece of one, or an id. */
export function anyAsked(ids: readonly string[]): (leaf: Attribute) => fc.Arbitrary<FilterValue> {
  const id = fc.constantFrom(...ids);
  const piece = fc
    .tuple(anyText, fc.nat(6), fc.nat(6))
    .map(([text, from, length]) => [...text].slice(from, from + length).join(''));
  const likeId = fc.oneof(
    id,
    id.map((one) => one.toUpperCase()),
    fc.tuple(id, fc.nat(36)).map(([one, length]) => one.slice(0, length)),
    fc.tuple(id, fc.nat(36)).map(([one, from]) => one.slice(from)),
  );
  return (leaf) => {
    if (leaf.type === 'boolean') return fc.boolean();
    if (leaf.type === 'integer') return fc.constantFrom(...wholes);
    if (leaf.type === 'decimal') return fc.constantFrom(...decimals);
    if (leaf.type === 'dateTime') return fc.constantFrom(...times);
    return fc.oneof(anyText, piece, leaf.caseExact ? likeId : anyText);
  };
}

/** The attributes of a resource, most of them absent. Takes the ids of what references may point at. */
export function anyValues(table: Attributes, ids: readonly string[]): fc.Arbitrary<Values> {
  const entries = Object.entries(table).filter(([name, attribute]) => !attribute.computed && name !== 'members');
  const arbitraries = entries.map(([name, attribute]) => [name, anyAttribute(attribute, ids)]);
  return fc
    .record(Object.fromEntries(arbitraries) as Record<string, fc.Arbitrary<Value | undefined>>)
    .map((values) => present(values));
}

function anyAttribute(attribute: Attribute, ids: readonly string[]): fc.Arbitrary<Value | undefined> {
  if (attribute.dropped) return fc.constant(undefined);
  const single = attribute.parts === undefined ? anySimple(attribute, ids) : anyValues(attribute.parts, ids);
  const value = attribute.many
    ? fc.array(single, { maxLength: 3 }).map((elements) => elements.filter((element) => !isEmpty(element)))
    : single;
  const freq = attribute.urn === undefined ? 3 : 1;
  return fc.option(value, { nil: undefined, freq }).map((given) => (isEmpty(given) ? undefined : given));
}

function anySimple(attribute: Attribute, ids: readonly string[]): fc.Arbitrary<Value> {
  if (attribute.type === 'boolean') return fc.boolean();
  if (attribute.type === 'integer') return fc.constantFrom(...wholes);
  if (attribute.type === 'decimal') return fc.constantFrom(...decimals);
  if (attribute.type === 'dateTime') return fc.constantFrom(...times);
  if (attribute.strict) return fc.constantFrom(...(attribute.canonical ?? []));
  return attribute.references?.some((name) => /^[A-Z]/.test(name)) ? fc.constantFrom(...ids) : anyText;
}

function present(values: Record<string, Value | undefined>): Values {
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, Value] => entry[1] !== undefined));
}

function isEmpty(value: Value | undefined): boolean {
  return value === undefined || (typeof value === 'object' && Object.keys(value).length === 0);
}
