import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Values } from '#attributes/attribute.ts';
import { allAttributes, type ResourceType, resourceTypeOf, resourceTypes } from '#attributes/resource-type.ts';
import { checkFilter } from '#domain/check-filter.ts';
import { franchiseeOf, referencesOf } from '#domain/document.ts';
import type { Filter } from '#domain/filter.ts';
import { matches } from '#domain/matches.ts';
import { withoutReferences } from '#domain/without-references.ts';
import type { Db } from '#store/database.ts';
import { listResources } from '#store/list-resources.ts';
import type { Viewer } from '#store/viewer.ts';
import { freshDatabase } from '#test/support/database.ts';
import { anyRoll, type Entry, seen } from './any-roll.ts';
import { openTestDatabase } from './open-test-database.ts';
import { putOnRoll } from './put-on-roll.ts';

const rolls = 1;
const filtersPerKind = 25;

let db: Db;
beforeAll(async () => {
  db = openTestDatabase(await freshDatabase());
});
afterAll(() => db.close());

/** Every second person belongs to the first org unit, which is above one in three; everybody refers to somebody. */
function shared(entries: readonly Entry[]): { franchisee: string; entries: readonly Entry[] } {
  const [users, , units] = resourceTypes.map(({ name }) => entries.filter(({ kind }) => kind === name));
  const any = (from: readonly Entry[] = [], index: number) => ({ value: from[index % from.length]?.id ?? '' });
  const placed = entries.map((entry, index) => {
    const own = entry.values.muster as Values;
    const added: Record<Entry['kind'], Values> = {
      User: {
        ...(index % 3 > 0 && { enterprise: { manager: any(users, 7 * index) } }),
        muster: { ...own, divisions: [any(units, index)], ...(index % 2 === 0 && { franchisee: any(units, 0) }) },
      },
      Group: { muster: { managers: [any(users, index), any(users, index + (index % 5))] } },
      OrgUnit: index % 3 === 0 ? { parent: any(units, 0) } : {},
    };
    return { ...entry, values: { ...entry.values, ...added[entry.kind] } };
  });
  return { franchisee: any(units, 0).value, entries: placed };
}

/** Filters about references, each in every form that reads the value table in its own way. */
function aboutReferences(type: ResourceType, entries: readonly Entry[]): Filter[] {
  const paths: Record<Entry['kind'], readonly string[]> = {
    User: ['enterprise.manager', 'muster.divisions', 'muster.franchisee'],
    Group: ['muster.managers'],
    OrgUnit: ['parent'],
  };
  const ids = referencesOf(type, Object.assign({}, ...entries.map(({ values }) => values))).map(({ id }) => id);
  const filters = paths[type.name].flatMap((path): Filter[] => {
    const eq: Filter = { op: 'eq', path: `${path}.value`, value: ids[0] ?? '' };
    const both: Filter = {
      op: 'and',
      filters: [
        { op: 'pr', path: 'value' },
        { op: 'gt', path: 'value', value: '3' },
      ],
    };
    const some: Filter[] = /s$/.test(path) ? [{ op: 'some', path, filter: both }] : [];
    return [eq, { op: 'not', filter: eq }, { op: 'pr', path }, { op: 'pr', path: `${path}.value` }, ...some];
  });
  const schemas = type.name === 'User' ? [type.attributes.enterprise?.urn, type.attributes.muster?.urn] : [];
  const about = schemas.map((value): Filter => ({ op: 'eq', path: 'schemas', value: value ?? '' }));
  return [...filters, ...about].map((filter) => checkFilter(allAttributes(type), filter));
}

/** The ids of whom a viewer sees who is bound to a franchisee: its people, its org unit and those below, every group. */
function visible(entries: readonly Entry[], franchisee: string): ReadonlySet<string> {
  const ids = new Set([franchisee]);
  for (let size = 0; size < ids.size; ) {
    size = ids.size;
    for (const { id, kind, values } of entries) {
      const parent = (values.parent as Values | undefined)?.value;
      if (kind === 'OrgUnit' && parent !== undefined && ids.has(String(parent))) ids.add(id);
    }
  }
  const own = entries.filter(({ kind, values }) => kind === 'Group' || franchiseeOf(values) === franchisee);
  return new Set([...ids, ...own.map(({ id }) => id)]);
}

/** What is left of an entry for whom the others are not there. */
function bound(entry: Entry, entries: readonly Entry[], ids: ReadonlySet<string>): Entry {
  const type = resourceTypeOf(entry.kind);
  const isSeen = (id: string, kind: string | undefined) =>
    kind === 'Group' || (ids.has(id) && entries.find((other) => other.id === id)?.kind === kind);
  const unseen = referencesOf(type, entry.values).filter(({ id, attribute }) => !isSeen(id, attribute.references?.[0]));
  const members = entry.members.filter((id) => isSeen(id, 'User'));
  return { ...entry, values: withoutReferences(type, entry.values, unseen), members };
}

test('to who is bound to a franchisee a filter means what it means on a roll without the others', async () => {
  let forSome = 0;
  const property = fc.asyncProperty(anyRoll(filtersPerKind), async ({ entries: all, filters }) => {
    const { franchisee, entries } = shared(all);
    const viewer = { ...(await db.transaction((tx) => putOnRoll(tx, entries))), franchisee };
    const ids = visible(entries, franchisee);
    const shown = entries.filter(({ id }) => ids.has(id)).map((entry) => bound(entry, entries, ids));
    for (const type of resourceTypes) {
      const views = shown
        .filter(({ kind }) => kind === type.name)
        .map((entry) => [entry.id, seen(entry, shown)] as const);
      expect(await answer(viewer, type.name, undefined)).toEqual(views.map(([id]) => id).sort());
      for (const filter of [...filters[type.name], ...aboutReferences(type, entries)]) {
        const right = views.filter(([, values]) => matches(allAttributes(type), filter, values));
        const expected = right.map(([id]) => id).sort();
        expect(await answer(viewer, type.name, filter), JSON.stringify(filter)).toEqual(expected);
        if (expected.length > 0 && expected.length < views.length) forSome += 1;
      }
    }
  });
  await fc.assert(property, { numRuns: rolls, endOnFailure: true });
  expect(forSome).toBeGreaterThan(filtersPerKind);
});

async function answer(viewer: Viewer, kind: Entry['kind'], filter: Filter | undefined): Promise<string[]> {
  const page = { offset: 0, count: 1_000 };
  const wanted = { groups: false, members: false };
  const { resources, total } = await listResources(db, viewer, { type: resourceTypeOf(kind), filter, page, wanted });
  const ids = resources.map(({ id }) => id);
  expect(total).toBe(ids.length);
  return ids;
}
