import type { Db } from './database.ts';

/** The place of requests whose tenant nobody knows. No tenant has this number. */
export const withoutTenant = 0;

/** One request and its answer, as the log keeps them. */
export interface RequestRow {
  readonly tenant: number;
  /** How long ago it began; the clock of the database makes a time of it. */
  readonly ageSeconds: number;
  readonly requestId: string;
  readonly dialect: string;
  readonly connection?: string | undefined;
  readonly person?: string | undefined;
  readonly address?: string | undefined;
  readonly userAgent?: string | undefined;
  readonly method: string;
  readonly route: string;
  /** Path and query without secrets. */
  readonly path: string;
  readonly status: number;
  readonly fault?: string | undefined;
  readonly detail?: string | undefined;
  readonly durationMs: number;
  readonly resource?: string | undefined;
  readonly body?: string | undefined;
  /** Names, with line breaks between. */
  readonly skipped?: string | undefined;
  readonly changed?: string | undefined;
}

type Cell = string | number | undefined;

/** The parameters of the insert: one array for each column. */
const columns = [
  ['tenant', 'integer', (row) => row.tenant],
  ['age', 'double precision', (row) => row.ageSeconds],
  ['request_id', 'text', (row) => row.requestId],
  ['dialect', 'text', (row) => row.dialect],
  ['connection', 'uuid', (row) => row.connection],
  ['person', 'uuid', (row) => row.person],
  ['address', 'text', (row) => row.address],
  ['user_agent', 'text', (row) => row.userAgent],
  ['method', 'text', (row) => row.method],
  ['route', 'text', (row) => row.route],
  ['path', 'text', (row) => row.path],
  ['status', 'smallint', (row) => row.status],
  ['fault', 'text', (row) => row.fault],
  ['detail', 'text', (row) => row.detail],
  ['duration_ms', 'real', (row) => row.durationMs],
  ['resource', 'uuid', (row) => row.resource],
  ['body', 'text', (row) => row.body],
  ['skipped', 'text', (row) => row.skipped],
  ['changed', 'text', (row) => row.changed],
] as const satisfies readonly (readonly [name: string, type: string, cell: (row: RequestRow) => Cell])[];

const names = columns.map(([name]) => name);
const stored = names.filter((name) => name !== 'age');
const lists = ['skipped', 'changed'];

const insertStatement = {
  name: 'insert-requests',
  text: `insert into request_log (${stored.join(', ').replace('tenant,', 'tenant, at,')})
    select ${names
      .map((name) => (lists.includes(name) ? `string_to_array(${name}, e'\\n')` : name))
      .map((name) => (name === 'age' ? 'now() - make_interval(secs => age)' : name))
      .join(', ')}
    from unnest(${columns.map(([, type], index) => `$${index + 1}::${type}[]`).join(', ')}) as r(${names.join(', ')})`,
};

// A crash may cost the last moment of this log; nobody waits for the disk on its behalf.
const unsyncedStatement = { name: 'commit-unsynced', text: 'set local synchronous_commit = off' };

/** Writes many rows at once. Fails as a whole, also where a day has no partition. */
export async function insertRequests(db: Db, rows: readonly RequestRow[]): Promise<void> {
  await db.transaction(async (tx) => {
    tx.send(unsyncedStatement);
    tx.send(
      insertStatement,
      columns.map(([, , cell]) => arrayOf(rows, cell)),
    );
  });
}

/** An array as Postgres reads it. pg would look at each cell several times; a column without cells is an empty array. */
function arrayOf(rows: readonly RequestRow[], cell: (row: RequestRow) => Cell): string {
  let text = '';
  let isEmpty = true;
  for (const row of rows) {
    const value = cell(row);
    text += text === '' ? '{' : ',';
    if (value === undefined) {
      text += 'NULL';
      continue;
    }
    isEmpty = false;
    text += typeof value === 'number' ? value : `"${special.test(value) ? value.replace(specials, '\\$&') : value}"`;
  }
  return isEmpty ? '{}' : `${text}}`;
}

const special = /["\\]/;
const specials = /["\\]/g;

const retainText = 'select retain_request_log() as retained';

/**
 * Makes room for the days ahead and drops the days older than the retention; with 0 days it drops all. False: another process
 * is at it.
 */
export async function retainRequestLog(db: Db): Promise<boolean> {
  const [row] = await db.list({ text: retainText, values: [] });
  return row?.retained === true;
}
