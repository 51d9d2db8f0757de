import fc from 'fast-check';
import type { Attributes, Values } from '#attributes/attribute.ts';
import { musterUser } from '#attributes/muster-user.ts';
import {
  allAttributes,
  type ResourceName,
  type ResourceType,
  resourceTypeOf,
  resourceTypes,
  userType,
} from '#attributes/resource-type.ts';
import { checkFilter } from '#domain/check-filter.ts';
import { writeDocument } from '#domain/document.ts';
import type { Filter } from '#domain/filter.ts';
import { fold } from '#domain/fold.ts';
import { anyFilter } from '#test/domain/any-filter.ts';
import { anyAsked, anyText, anyValues, wholeTimes } from './any-value.ts';

/** One thing on a generated roll. */
export interface Entry {
  readonly kind: ResourceName;
  readonly id: string;
  readonly externalId: string | undefined;
  readonly created: string;
  readonly modified: string;
  readonly values: Values;
  readonly members: readonly string[];
}

/** A roll, and filters in normal form about each kind of thing on it. */
export interface RollAndFilters {
  readonly entries: readonly Entry[];
  readonly filters: Readonly<Record<ResourceName, readonly Filter[]>>;
}

const sizes: Readonly<Record<ResourceName, number>> = { User: 40, Group: 12, OrgUnit: 10 };
const kinds = resourceTypes.flatMap(({ name }) => Array.from({ length: sizes[name] }, () => name));

/** Rolls of forty people with their groups and org units, and as many filters about each kind as asked for. */
export function anyRoll(filtersPerKind: number): fc.Arbitrary<RollAndFilters> {
  const length = { minLength: kinds.length, maxLength: kinds.length };
  return fc.uniqueArray(fc.uuid({ version: 7 }), length).chain((ids) => {
    const entries = fc.tuple(...kinds.map((kind, index) => anyEntry(kind, ids[index] ?? '', ids)));
    const filters = Object.fromEntries(resourceTypes.map((type) => [type.name, anyFilters(type, ids, filtersPerKind)]));
    return fc.record({
      entries: fc.tuple(entries, anyNames).map(([all, names]) => all.map((entry, index) => named(entry, names[index]))),
      filters: fc.record(filters as Record<ResourceName, fc.Arbitrary<Filter[]>>),
    });
  });
}

const anyNames = fc.uniqueArray(
  anyText.filter((text) => text.trim() !== ''),
  { minLength: sizes.User, maxLength: sizes.User, selector: fold },
);

/** `schemas` is stored nowhere, and follows from what is. */
function anyAboutSchemas({ urn, attributes }: ResourceType): fc.Arbitrary<Filter> {
  const urns = [urn, ...Object.values(attributes).flatMap((attribute) => attribute.urn ?? []), 'urn:none'];
  const test = fc
    .constantFrom(...urns)
    .chain((value) =>
      fc.constantFrom<Filter>({ op: 'eq', path: 'schemas', value }, { op: 'ne', path: 'schemas', value }),
    );
  return fc.oneof(
    test,
    fc.tuple(test, test).map(([one, other]): Filter => ({ op: 'and', filters: [one, other] })),
    fc.constant<Filter>({ op: 'pr', path: 'schemas' }),
  );
}

/** What is kept in columns and tables of its own, each with code of its own: asked about as often as all the rest. */
const outsideValues = ['id', 'externalId', 'meta', 'userName', 'active', 'groups', 'members'];
const outsideParts = ['mustChangePassword', 'failedLoginAttempts', 'lockedUntil', 'lastLoginAt'];

function anyFilters(type: ResourceType, ids: readonly string[], count: number): fc.Arbitrary<Filter[]> {
  const table = allAttributes(type);
  const special = { ...picked(table, outsideValues), ...(type === userType && { muster: signInParts }) };
  const filter = fc.oneof(
    { weight: 5, arbitrary: anyFilter(table, anyAsked(ids)) },
    { weight: 5, arbitrary: anyFilter(special, anyAsked(ids)) },
    { weight: 1, arbitrary: anyAboutSchemas(type) },
  );
  const filters = fc.array(fc.tuple(filter, fc.constantFrom(...patterns)), { minLength: count, maxLength: count });
  return filters.map((all) => all.map(([filter, pattern]) => checkFilter(table, withPattern(filter, pattern))));
}

type Pattern = ((text: string) => string) | undefined;

const patterns: readonly Pattern[] = [
  ...[undefined, undefined, undefined],
  (text) => `%${text}%`,
  (text) => `_${[...text].slice(1).join('')}%`,
  (text) => `%${[...text].slice(1, -1).join('')}_`,
  (text) => [...text].join('%'),
  (text) => [...text].map((character, index) => (index % 4 === 3 ? '_' : character)).join(''),
];

/** The filter with a pattern wherever it looks for text within text, which anybody but SCIM clients may do. */
function withPattern(filter: Filter, pattern: Pattern): Filter {
  if (pattern === undefined) return filter;
  if ('filters' in filter) return { ...filter, filters: filter.filters.map((inner) => withPattern(inner, pattern)) };
  if ('filter' in filter) return { ...filter, filter: withPattern(filter.filter, pattern) };
  const isPiece = filter.op === 'co' || filter.op === 'sw' || filter.op === 'ew';
  return isPiece ? { ...filter, op: 'like', value: pattern(String(filter.value)) } : filter;
}

function picked(table: Attributes, names: readonly string[]): Attributes {
  return Object.fromEntries(Object.entries(table).filter(([name]) => names.includes(name)));
}

const signInParts = { ...musterUser, parts: picked(musterUser.parts, outsideParts) };

function anyEntry(kind: ResourceName, id: string, ids: readonly string[]): fc.Arbitrary<Entry> {
  const mayBeMembers = ids.filter((_, index) => kinds[index] !== 'OrgUnit');
  return fc.record({
    kind: fc.constant(kind),
    id: fc.constant(id),
    externalId: fc.option(anyText, { nil: undefined }),
    created: fc.constantFrom(...wholeTimes),
    modified: fc.constantFrom(...wholeTimes),
    values: anyValues(resourceTypeOf(kind).attributes, ids),
    members: kind === 'Group' ? fc.subarray(mayBeMembers, { maxLength: 8 }) : fc.constant([]),
  });
}

/** A userName is unique and never blank; `active` is always there. */
function named(entry: Entry, userName: string | undefined): Entry {
  if (entry.kind !== 'User' || userName === undefined) return entry;
  return { ...entry, values: { active: true, ...withWholeTimes(entry), userName } };
}

/** The times of sign-ins are in columns, too, which have whole milliseconds. */
function withWholeTimes({ values, created, modified }: Entry): Values {
  const own = values.muster as Values | undefined;
  if (own === undefined) return values;
  const whole = { ...(own.lockedUntil && { lockedUntil: created }), ...(own.lastLoginAt && { lastLoginAt: modified }) };
  return { ...values, muster: { ...own, ...whole } };
}

/** What a filter sees of an entry: its own attributes, and those that every resource has or that others decide. */
export function seen(entry: Entry, all: readonly Entry[]): Values {
  const { kind, id, externalId, created, modified, members, values } = entry;
  const { schemas } = JSON.parse(writeDocument(resourceTypeOf(kind), values)) as { schemas: string[] };
  const holders = all.filter((other) => other.members.includes(id));
  const kindOf = (member: string) => all.find((other) => other.id === member)?.kind ?? '';
  return {
    ...values,
    schemas,
    id,
    meta: { resourceType: kind, created, lastModified: modified },
    ...(externalId !== undefined && { externalId }),
    ...(kind === 'User' && { groups: holders.map((holder) => ({ value: holder.id })) }),
    ...(kind === 'Group' && { members: members.map((member) => ({ value: member, type: kindOf(member) })) }),
  };
}
