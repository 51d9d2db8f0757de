import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { allAttributes, type ResourceType, resourceTypes } from '#attributes/resource-type.ts';
import type { Filter } from '#domain/filter.ts';
import { matches } from '#domain/matches.ts';
import { compileFilter } from '#store/compile-filter.ts';
import type { Db } from '#store/database.ts';
import { findCandidates } from '#store/find-candidates.ts';
import { listQuery, listResources } from '#store/list-resources.ts';
import { compileSql } from '#store/sql-builder.ts';
import type { Viewer } from '#store/viewer.ts';
import { freshDatabase } from '#test/support/database.ts';
import { anyRoll, seen } from './any-roll.ts';
import { openTestDatabase } from './open-test-database.ts';
import { putOnRoll } from './put-on-roll.ts';

const rolls = 4;
const filtersPerKind = 45;
const page = { offset: 0, count: 1_000 };

let db: Db;
beforeAll(async () => {
  db = openTestDatabase(await freshDatabase());
});
afterAll(() => db.close());

test('a filter means the same in SQL and in memory, with and without candidates', async () => {
  const shapes = new Set<string>();
  let [withCandidates, forSome, asked] = [0, 0, 0];
  const property = fc.asyncProperty(anyRoll(filtersPerKind), async ({ entries, filters }) => {
    const viewer = await db.transaction((tx) => putOnRoll(tx, entries));
    for (const type of resourceTypes) {
      const those = entries.filter(({ kind }) => kind === type.name);
      const views = those.map((entry) => ({ id: entry.id, values: seen(entry, entries) }));
      for (const filter of filters[type.name]) {
        const right = views.filter(({ values }) => matches(allAttributes(type), filter, values));
        const expected = right.map(({ id }) => id).sort();
        expect(await answers(viewer, type, filter), JSON.stringify(filter)).toEqual({
          listed: expected,
          total: expected.length,
          planned: expected,
          withoutCandidates: expected,
        });
        shapes.add(`${type.name}: ${shapeOf(filter)}`);
        asked += 1;
        if (findCandidates({ viewer, type }, filter) !== undefined) withCandidates += 1;
        if (expected.length > 0 && expected.length < those.length) forSome += 1;
      }
    }
  });
  await fc.assert(property, { numRuns: rolls, endOnFailure: true });
  console.log(`${asked} filters of ${shapes.size} shapes; ${withCandidates} have candidates, ${forSome} hold for some`);
  expect(asked).toBeGreaterThanOrEqual(500);
  expect(withCandidates).toBeGreaterThan(asked / 5);
  expect(forSome).toBeGreaterThan(asked / 5);
  expect([...shapes].filter((shape) => shape.includes('like')).length).toBeGreaterThan(20);
});

/** The ids that each way of asking finds: as the product does, always by the long way, and as if there were no index. */
async function answers(viewer: Viewer, type: ResourceType, filter: Filter) {
  const { resources, total } = await listResources(db, viewer, {
    type,
    filter,
    page,
    wanted: { groups: false, members: false },
  });
  const planned = await db.list(listQuery(viewer, type, filter, page));
  const condition = compileFilter({ viewer, type }, filter);
  const table = sql.table(type.table);
  const plain = await db.list(
    compileSql(sql`select r.id from ${table} r where r.tenant = ${viewer.tenant} and ${condition} order by r.id`),
  );
  return {
    listed: resources.map(({ id }) => id),
    total,
    planned: planned.flatMap(({ id }) => id ?? []),
    withoutCandidates: plain.map(({ id }) => id),
  };
}

/** What a filter is made of, without its values: to see how many kinds of question were asked. */
function shapeOf(filter: Filter): string {
  if ('filters' in filter) return `${filter.op}(${filter.filters.map(shapeOf).join(', ')})`;
  if (filter.op === 'some') return `${filter.path}[${shapeOf(filter.filter)}]`;
  return 'filter' in filter ? `not(${shapeOf(filter.filter)})` : `${filter.path} ${filter.op}`;
}
