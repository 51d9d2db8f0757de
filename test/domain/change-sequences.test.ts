import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Attribute, Value, Values } from '#attributes/attribute.ts';
import { groupType, orgUnitType, type ResourceType, userType } from '#attributes/resource-type.ts';
import { applyChanges } from '#domain/apply-changes.ts';
import type { Change } from '#domain/change.ts';
import { checkElementFilter } from '#domain/check-filter.ts';
import { differenceOf } from '#domain/difference.ts';
import { readValues, writeDocument } from '#domain/document.ts';
import { Fault } from '#domain/fault.ts';
import { fold } from '#domain/fold.ts';
import { locateAll } from '#domain/locate.ts';

// Few texts, so that values meet their like, in other cases and forms too.
const text = fc.constantFrom('a', 'A', 'b', 'work', 'home', '\u00e9', 'e\u0301', 'ＷＯＲＫ', '0', '', ' ', '"');

function anyOne(attribute: Attribute): fc.Arbitrary<Value> {
  switch (attribute.type) {
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.constantFrom(0, 1, -0, 7);
    case 'decimal':
      return fc.constantFrom(0, 1.5, -0);
    case 'dateTime':
      return fc.constantFrom('2026-01-31T12:00:00Z', '2026-01-31T13:00:00+01:00');
    case 'binary':
      return fc.constantFrom('AAEC', 'AA==');
    case 'complex':
      return fc
        .record(Object.fromEntries(Object.entries(attribute.parts ?? {}).map(([name, part]) => [name, anyOf(part)])), {
          requiredKeys: [],
        })
        .map((parts) => parts as Values);
    case 'string':
    case 'reference':
      return attribute.strict ? fc.constantFrom(...(attribute.canonical ?? [])) : text;
  }
}

function anyOf(attribute: Attribute): fc.Arbitrary<Value> {
  return attribute.many ? fc.array(anyOne(attribute), { maxLength: 4 }) : anyOne(attribute);
}

function anyWhere(attribute: Attribute): fc.Arbitrary<Change['where']> {
  const parts = Object.entries(attribute.parts ?? {}).filter(([, part]) => part.type === 'string' && !part.computed);
  if (!attribute.many || parts.length === 0) return fc.constant(undefined);
  const term = fc
    .tuple(fc.constantFrom(...parts.map(([name]) => name)), text)
    .map(([path, value]) => checkElementFilter(attribute, { op: 'eq', path, value }));
  return fc.option(term, { nil: undefined });
}

/** Changes of any path of a type, most of them of the lists, which have the most rules. */
function anyChange({ attributes }: ResourceType): fc.Arbitrary<Change> {
  const all = locateAll(attributes);
  const lists = all.filter(({ attribute }) => attribute.many);
  const target = fc.oneof(fc.constantFrom(...all), fc.constantFrom(...(lists.length > 0 ? lists : all)));
  return target.chain(({ path, attribute, part }) =>
    fc
      .record({
        op: fc.constantFrom('set' as const, 'add' as const, 'clear' as const),
        where: anyWhere(attribute),
        value: fc.option(part === undefined ? anyOf(attribute) : anyOf(part.attribute), { nil: undefined, freq: 8 }),
        noMatch: fc.constantFrom('create' as const, 'skip' as const, 'fault' as const),
      })
      .map(({ where, value, ...rest }) => ({
        ...rest,
        path,
        ...(where !== undefined && { where }),
        ...(value !== undefined && { value }),
      })),
  );
}

/** What comes out when every change that is refused is left out. */
function applyAll(type: ResourceType, changes: readonly Change[]): Values {
  return changes.reduce<Values>((values, change) => {
    try {
      return applyChanges(type.attributes, values, [change]);
    } catch (fault) {
      if (fault instanceof Fault) return values;
      throw fault;
    }
  }, {});
}

function checkWhole(value: Value | undefined, at: string): void {
  expect(value, at).toBeDefined();
  expect(value, at).not.toBeNull();
  if (typeof value !== 'object') return;
  expect(Object.keys(value).length, `${at} is not empty`).toBeGreaterThan(0);
  for (const [name, inner] of Object.entries(value)) checkWhole(inner, `${at}.${name}`);
}

function checkList(attribute: Attribute, elements: readonly Values[], at: string): void {
  expect(elements.filter(({ primary }) => primary === true).length, `primaries of ${at}`).toBeLessThan(2);
  if (attribute.parts?.value === undefined) return;
  const keyed = elements.filter(({ value }) => value !== undefined);
  const keys = keyed.map(({ value, type }) => {
    const text = attribute.parts?.value?.caseExact ? String(value).normalize('NFC') : fold(String(value));
    return JSON.stringify([text, type === undefined ? undefined : fold(String(type))]);
  });
  expect(new Set(keys).size, `${at} has nothing twice`).toBe(keys.length);
}

function checkLists(table: ResourceType['attributes'], values: Values): void {
  for (const [name, attribute] of Object.entries(table)) {
    const value = values[name];
    if (value === undefined) continue;
    if (attribute.urn !== undefined) checkLists(attribute.parts ?? {}, value as Values);
    else if (attribute.many && attribute.parts !== undefined) checkList(attribute, value as readonly Values[], name);
  }
}

const types: readonly ResourceType[] = [userType, groupType, orgUnitType];

test.each(types)('no changes of a $name leave two primaries, duplicates, nulls or anything empty', (type) => {
  fc.assert(
    fc.property(fc.array(anyChange(type), { maxLength: 15 }), (changes) => {
      const values = applyAll(type, changes);
      if (Object.keys(values).length > 0) checkWhole(values, type.name);
      checkLists(type.attributes, values);
    }),
    { numRuns: 400 },
  );
});

test.each(types)('writing what was read of a $name changes nothing', (type) => {
  fc.assert(
    fc.property(fc.array(anyChange(type), { maxLength: 15 }), (changes) => {
      const values = applyAll(type, changes);
      const read = readValues(type, writeDocument(type, values));
      const again = Object.entries(read).map(([path, value]): Change => ({ op: 'set', path, value }));
      const written = applyChanges(type.attributes, values, again);
      expect(written).toEqual(values);
      expect(differenceOf(type.attributes, values, written)).toEqual([]);
      const added = again.map((change): Change => ({ ...change, op: 'add' }));
      expect(applyChanges(type.attributes, values, added)).toEqual(values);
    }),
    { numRuns: 300 },
  );
});

test.each(types)('a difference of a $name says what came and what went, and nothing else', (type) => {
  const anyValues = fc.array(anyChange(type), { maxLength: 10 }).map((changes) => applyAll(type, changes));
  fc.assert(
    fc.property(anyValues, anyValues, (before, after) => {
      const changes = differenceOf(type.attributes, before, after);
      const moved = changes.reduce<Values>((values, { path, to }) => put(values, path, to), before);
      expect(withoutEmpty(moved)).toEqual(after);
      for (const { from, to } of changes) expect(from).not.toEqual(to);
    }),
    { numRuns: 200 },
  );
});

function put(values: Values, path: string, value: Value | undefined): Values {
  const [first = '', second] = path.split('.');
  if (second === undefined) return dropped(values, first, value);
  return { ...values, [first]: dropped((values[first] ?? {}) as Values, second, value) };
}

function dropped(values: Values, name: string, value: Value | undefined): Values {
  const { [name]: _old, ...others } = values;
  return value === undefined ? others : { ...others, [name]: value };
}

function withoutEmpty(values: Values): Values {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => Object.keys(Object(value)).length > 0 || typeof value !== 'object'),
  );
}
