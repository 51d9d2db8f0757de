import type { Hono } from 'hono';
import { userType } from '#attributes/resource-type.ts';
import { checkFilter } from '#domain/check-filter.ts';
import type { Query } from '#store/database.ts';
import { listPeopleIds } from '#store/list-people.ts';
import { readPeople } from '#store/read-people.ts';
import { statementsOf } from '#test/support/statements-of.ts';

/** Runs a statement and gives its rows. */
type Run = (query: Query) => Promise<readonly Row[]>;
// biome-ignore lint/suspicious/noExplicitAny: the floor knows what its statements give and checks nothing.
type Row = Record<string, any>;

const viewer = { tenant: 1, connection: '00000000-0000-0000-0000-000000000000' };
const metabase = { dialect: 'metabase', keys: 'number' } as const;
const callbox = { dialect: 'callbox', keys: 'number' } as const;
const someText = 'some text';

const searchFor = {
  op: 'or',
  filters: ['name.givenName', 'name.familyName', 'emails.value'].map(
    (path) => ({ op: 'like', path, value: `%${someText}%` }) as const,
  ),
} as const;
const page = { offset: 0, count: 50 };
const chunkLength = 500;

/** The lists of people that the APIs beside SCIM have: the same statements and the same JSON, and nothing else. */
export async function addLists(app: Hono, run: Run): Promise<void> {
  const filter = checkFilter(userType.attributes, searchFor);
  const [search] = await statementsOf((db) =>
    listPeopleIds(db, viewer, { namespace: metabase, order: 'name', active: true, filter, page }),
  );
  const [, total, walk] = await statementsOf((db) =>
    listPeopleIds(db, viewer, { namespace: callbox, order: 'key', active: true }),
  );
  const [people, groups] = await statementsOf((db) => readPeople(db, viewer, metabase, ['nobody'], { groups: true }));
  if (!search || !total || !walk || !people || !groups) throw new Error('the lists send other statements now');

  app.get('/search/:text', async (context) => {
    const text = context.req.param('text');
    const values = search.values.map((value) => (typeof value === 'string' ? value.replace(someText, text) : value));
    const found = await run({ ...search, values });
    const given = [1, 'metabase', found.map(({ id }) => id)];
    const [rows, memberships] = await Promise.all([
      run({ ...people, values: given }),
      run({ ...groups, values: given }),
    ]);
    const data = rows.map((row) => metabaseUser(row, memberships));
    return context.json({ data, total: found[0]?.total, limit: 50, offset: 0 });
  });

  app.get('/staff', async (context) => {
    const [, found] = await Promise.all([run(total), run(walk)]);
    const ids = found.map(({ id }) => id);
    const texts: string[] = [];
    for (let from = 0; from < ids.length; from += chunkLength) {
      const rows = await run({ ...people, values: [1, 'callbox', ids.slice(from, from + chunkLength)] });
      texts.push(rows.map((row) => JSON.stringify(callboxUser(row))).join(','));
    }
    return context.body(`[${texts.join(',')}]`, 200, { 'Content-Type': 'application/json' });
  });
}

function metabaseUser(row: Row, memberships: readonly Row[]) {
  const { name = {}, emails = [], active, locale = null } = JSON.parse(row.document);
  return {
    id: Number(row.key),
    email: emails[0]?.value ?? null,
    date_joined: row.created_at,
    first_name: name.givenName ?? null,
    last_name: name.familyName ?? null,
    last_login: row.last_login_at,
    is_superuser: false,
    is_qbnewb: true,
    sso_source: null,
    is_active: active,
    updated_at: row.modified_at,
    login_attributes: null,
    locale,
    common_name: `${name.givenName} ${name.familyName}`,
    group_ids: [1, ...memberships.filter((each) => each.user_id === row.id).map(({ key }) => Number(key))],
    personal_collection_id: Number(row.key),
  };
}

function callboxUser(row: Row) {
  const { name = {}, emails = [], active } = JSON.parse(row.document);
  return {
    id: Number(row.key),
    email: emails[0]?.value ?? null,
    first_name: name.givenName ?? null,
    last_name: name.familyName ?? null,
    full_name: `${name.givenName} ${name.familyName}`,
    is_active: active,
    is_superuser: false,
    must_change_password: row.must_change_password ?? false,
    permissions: [],
    failed_login_attempts: row.failed_login_attempts ?? 0,
    locked_until: row.locked_until,
    created_at: row.created_at,
    last_login_at: row.last_login_at,
    can_view_monitoring: false,
    can_view_stats_callcenter: false,
    can_view_stats_terminals: false,
    can_view_stats_operators: false,
    can_manage_schedules: false,
    can_view_billing: false,
  };
}
