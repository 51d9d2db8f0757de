import type { Client } from 'pg';
import { groupType, userType } from '#attributes/resource-type.ts';
import type { Db, Query } from '#store/database.ts';
import { findByKeys } from '#store/keys.ts';
import { listPeopleIds, type PeopleListing } from '#store/list-people.ts';
import { readMemberships } from '#store/read-memberships.ts';
import { readPeople } from '#store/read-people.ts';
import type { Viewer } from '#store/viewer.ts';
import { statementsOf } from '#test/support/statements-of.ts';
import { idOf, rare } from './large-roll.ts';
import { readPlan, type Work, workOf } from './plans.ts';

/** What is asked of people and their keys, and how many rows each may look at. */
export interface PeopleQuestion {
  readonly about: string;
  readonly ask: (db: Db) => Promise<unknown>;
  readonly rowsMax: number;
}

const namespace = { dialect: 'metabase', keys: 'number' } as const;

const list = (viewer: Viewer, wish: Omit<PeopleListing, 'namespace'>) => (db: Db) =>
  listPeopleIds(db, viewer, { namespace, ...wish });

/** Who is inactive is counted; an index entry and its row count twice. */
const counted = (size: number) => (4 * size) / rare + 100;

/** Questions about a large roll of so many people of which little is to be looked at. */
export function shortQuestions(viewer: Viewer, size: number): PeopleQuestion[] {
  const ids = Array.from({ length: 50 }, (_, index) => idOf(userType, index));
  const keys = ids.map((_, index) => String(index));
  const page = { offset: 0, count: 50 };
  const filter = { op: 'some', path: 'emails', filter: { op: 'like', path: 'value', value: '%user177%' } } as const;
  const [byName, rowsMax] = [{ order: 'name', active: true, page } as const, counted(size)];
  return [
    { about: 'the first page by name', ask: list(viewer, byName), rowsMax },
    { about: 'those who are inactive', ask: list(viewer, { ...byName, active: false }), rowsMax },
    { about: 'a search', ask: list(viewer, { ...byName, filter }), rowsMax },
    { about: 'a group', ask: list(viewer, { order: 'standing', group: idOf(groupType, 5) }), rowsMax: 100 },
    {
      about: 'people with their groups',
      ask: (db) => readPeople(db, viewer, namespace, ids, { groups: true }),
      rowsMax: 500,
    },
    { about: 'memberships', ask: (db) => readMemberships(db, viewer, namespace, ids), rowsMax: 600 },
    { about: 'keys', ask: (db) => findByKeys(db, viewer.tenant, userType, namespace, keys), rowsMax: 500 },
  ];
}

/** Questions that go through everybody in an index, and read nobody. */
export function longQuestions(viewer: Viewer, size: number): PeopleQuestion[] {
  const page = { offset: size - 1_000, count: 50 };
  const rowsMax = size + counted(size);
  return [
    { about: 'a far page by name', ask: list(viewer, { order: 'name', active: true, page }), rowsMax },
    { about: 'everybody by name', ask: list(viewer, { order: 'name' }), rowsMax },
    { about: 'a far page by number', ask: list(viewer, { order: 'key', page }), rowsMax },
  ];
}

/** What is wrong with the work that a question takes: a table read whole, or too much looked at. */
export async function peopleComplaints(db: Db, client: Client, question: PeopleQuestion): Promise<string[]> {
  const statements = await statementsOf(question.ask);
  const found: string[] = [];
  for (const query of statements) {
    const works = [await workOf(db, query), ...(query.name === undefined ? [] : [await workOfPrepared(client, query)])];
    for (const { scanned, rowsTouched } of works) {
      const large = scanned.filter((table) => table !== 'resource_count' && table !== 'brought_id');
      if (large.length === 0 && rowsTouched <= question.rowsMax) continue;
      found.push(`${question.about}: looks at ${rowsTouched} rows, reads all of ${large}: ${query.text}`);
    }
  }
  return statements.length === 0 ? [`${question.about}: asks nothing`] : found;
}

/** What a statement does with the plan that it has on a connection on which it was run often before. */
async function workOfPrepared(client: Client, { name, text, values }: Query): Promise<Work> {
  const given = values.map((value) => (value === null ? 'null' : client.escapeLiteral(literalOf(value)))).join(', ');
  await client.query(`set plan_cache_mode = force_generic_plan; prepare "${name}" as ${text}`);
  const { rows } = await client.query(`explain (analyze, timing off, format json) execute "${name}" (${given})`);
  await client.query(`deallocate "${name}"; reset plan_cache_mode`);
  return readPlan(rows[0]['QUERY PLAN']);
}

function literalOf(value: unknown): string {
  return Array.isArray(value) ? `{${value.map((element) => element ?? 'null').join(',')}}` : String(value);
}
