import type { Client } from 'pg';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { orgUnitType, type ResourceType, resourceTypes, userType } from '#attributes/resource-type.ts';
import type { Filter } from '#domain/filter.ts';
import type { Db, Query } from '#store/database.ts';
import { equalQuery } from '#store/find-equal.ts';
import { everything } from '#store/find-resource.ts';
import { listQuery, listResources } from '#store/list-resources.ts';
import { insertTenant } from '#store/tenants.ts';
import { connectTo, freshDatabase, type TestDatabase } from '#test/support/database.ts';
import { postgresVersions } from '#test/support/postgres-versions.ts';
import { idOf, type LargeRoll, makeLargeRoll } from './large-roll.ts';
import { openTestDatabase } from './open-test-database.ts';
import { longQuestions, peopleComplaints, shortQuestions } from './people-statements.ts';
import { deltaFilter, pathQuestions, type Question, shapeQuestions } from './plan-questions.ts';
import { readPlan, type Work, workOf } from './plans.ts';

const page = { offset: 0, count: 100 };
const viewer = { tenant: 1, connection: uuidv7() };
const [atOnce, lookedAtPerHit] = [4, 5];
// With more people the same plans are found wrong when an index is missing.
const sizes: LargeRoll = { User: 20_000, Group: 10_000, OrgUnit: 10_000 };
const questionsOf = Object.fromEntries(resourceTypes.map((type) => [type.name, pathQuestions(type, sizes)]));

describe.each(postgresVersions)('on PostgreSQL %i', (version) => {
  const isNewest = version === Math.max(...postgresVersions);
  let database: TestDatabase;
  let db: Db;
  let client: Client;

  beforeAll(async () => {
    database = await freshDatabase(version);
    client = await connectTo(database);
    db = openTestDatabase(database);
    await db.transaction((tx) => insertTenant(tx, 'large'));
    await makeLargeRoll(client, viewer.connection, sizes);
  });
  afterAll(async () => {
    await db.close();
    await client.end();
  });

  /** What is wrong with the work that a question takes: a table read whole, too much looked at, a wrong answer. */
  function complaint(type: ResourceType, { filter, hits, also }: Question, work: Work): string | undefined {
    const allowed = lookedAtPerHit * (hits + also) + sizes[type.name] / 20;
    const problems = [
      ...work.scanned.map((table) => `reads all of ${table}`),
      ...(work.rowsTouched > allowed ? [`looks at ${work.rowsTouched} rows, not ${allowed}`] : []),
      ...(work.hits === hits ? [] : [`finds ${work.hits}, not ${hits}`]),
    ];
    return problems.length === 0 ? undefined : `${type.name} ${JSON.stringify(filter)} ${problems.join(', ')}`;
  }

  async function complaints(type: ResourceType, questions: readonly Question[]): Promise<string[]> {
    const found: (string | undefined)[] = [];
    for (let first = 0; first < questions.length; first += atOnce) {
      const some = questions.slice(first, first + atOnce).map(async (question) => {
        return complaint(type, question, await workOf(db, listQuery(viewer, type, question.filter, page)));
      });
      found.push(...(await Promise.all(some)));
    }
    return found.filter((one) => one !== undefined);
  }

  /** One comparison of each path, another one for the next path. */
  const someOf = (questions: readonly Question[]) => questions.filter((_, index) => index % 9 === 0);

  const ofPeople = shortQuestions(viewer, sizes.User);

  describe('without statistics', () => {
    test.each(ofPeople)('an index serves $about', async (question) => {
      expect(await peopleComplaints(db, client, question)).toEqual([]);
    });

    test.each(resourceTypes)('an index serves each shape of filter on $name', async (type) => {
      const questions = [...shapeQuestions(type, sizes), ...someOf(questionsOf[type.name] ?? [])];
      expect(questions.length).toBeGreaterThan(20);
      expect(await complaints(type, questions)).toEqual([]);
    });
  });

  describe('with statistics', () => {
    beforeAll(async () => {
      await client.query('analyze');
      // An index alone tells who there is once the table was vacuumed.
      await client.query('vacuum app_user');
    });

    test.each([...ofPeople, ...longQuestions(viewer, sizes.User)])('an index serves $about', async (question) => {
      expect(await peopleComplaints(db, client, question)).toEqual([]);
    });

    test.each(resourceTypes)('an index serves each shape of filter on $name', async (type) => {
      expect(await complaints(type, shapeQuestions(type, sizes))).toEqual([]);
    });

    test.each(resourceTypes)('an index serves each comparison of each stored path of $name', async (type) => {
      const questions = questionsOf[type.name] ?? [];
      expect(questions.length).toBeGreaterThan(15);
      expect(await complaints(type, isNewest ? questions : someOf(questions))).toEqual([]);
    });

    test.each(resourceTypes)(
      'the prepared statement for one value of $name is served whatever the value',
      async (type) => {
        await client.query('set plan_cache_mode = force_generic_plan');
        const questions = [...shapeQuestions(type, sizes), ...(questionsOf[type.name] ?? [])];
        let asked = 0;
        for (const { filter } of questions) {
          const query = equalQuery(viewer, type, filter, page.count, everything);
          if (query === undefined) continue;
          asked += 1;
          const statement = `p${asked}`;
          await client.query(`prepare ${statement} as ${query.text}`);
          const given = query.values.map((value) => client.escapeLiteral(String(value))).join(', ');
          const { rows } = await client.query(
            `explain (analyze, timing off, format json) execute ${statement} (${given})`,
          );
          const work = readPlan(rows[0]['QUERY PLAN']);
          expect(work.scanned, query.text).toEqual([]);
          expect(work.rowsTouched, query.text).toBeLessThan(sizes[type.name] / 20);
          await client.query(`deallocate ${statement}`);
        }
        await client.query('reset plan_cache_mode');
        expect(asked).toBeGreaterThan(2);
      },
    );

    test('to who is bound to a franchisee lists and filters cost what its people cost', async () => {
      const franchisee = idOf(orgUnitType, 1);
      await client.query('update app_user set franchisee = $1 where tenant = 1 and number % 500 = 1', [franchisee]);
      const asked: Query[] = [];
      const told: Db = {
        ...db,
        list: async (query) => {
          asked.push(query);
          return [];
        },
      };
      const bound = { ...viewer, franchisee };
      const filters: (Filter | undefined)[] = [
        undefined,
        { op: 'not', filter: { op: 'pr', path: 'title' } },
        { op: 'co', path: 'userName', value: 'e' },
        { op: 'eq', path: 'active', value: true },
        { op: 'eq', path: 'userName', value: 'nobody' },
        {
          op: 'or',
          filters: [
            { op: 'pr', path: 'title' },
            { op: 'pr', path: 'enterprise.manager.value' },
          ],
        },
      ];
      for (const filter of filters) {
        await listResources(told, bound, {
          type: userType,
          filter,
          page,
          wanted: { groups: false, members: false },
        });
      }
      expect(asked.length).toBeGreaterThan(filters.length);
      for (const query of asked) {
        const work = await workOf(db, query);
        expect(work.scanned, query.text).toEqual([]);
        expect(work.rowsTouched, query.text).toBeLessThan(sizes.User / 20);
      }
    });

    test('the delta query keeps its plan, however often it is asked on one connection', async () => {
      const one = openTestDatabase(database, { poolMax: 1 });
      const query = listQuery(viewer, userType, deltaFilter(sizes.User), page);
      for (let asked = 0; asked < 20; asked += 1) await one.list(query);
      const work = await workOf(one, query);
      await one.close();
      expect(work.scanned).toEqual([]);
      expect(work.indexes).toContain('app_user_modified_at_idx');
      expect(work.rowsTouched).toBeLessThan(2_000);
    });
  });
});
