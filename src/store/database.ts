import pg from 'pg';
import { asFault, isOutdated, isTransient } from './faults.ts';
import { openPipelines, type Pipelines } from './pipelines.ts';
import { sendQuery } from './send-query.ts';

/** A statement with a fixed text: prepared once on each connection. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** A statement and its values. With a name it is prepared once, else planned for these values. */
export interface Query {
  readonly name?: string;
  readonly text: string;
  readonly values: readonly unknown[];
}

export type Row = Record<string, unknown>;

/** Reads outside a transaction, and the way into one. */
export interface Db {
  /** Rows of a prepared statement that reads one resource by key; shares a pipelined connection. */
  read(statement: Statement | Query, values?: readonly unknown[]): Promise<Row[]>;
  /** Rows of a list or a filter; has a connection of its own while it runs. */
  list(query: Query): Promise<Row[]>;
  /** Runs `work` in one transaction. Deadlocks and serialization failures are retried; anything else rolls back. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Whether the database answers. Gives true, or why not in one sentence. */
  ready(): Promise<true | string>;
  close(): Promise<void>;
}

declare const inTransaction: unique symbol;

/** What a transaction can do. Only `Db.transaction` makes one. */
export interface Tx {
  readonly [inTransaction]: true;
  /** Rows of a statement. */
  run(statement: Statement | Query, values?: readonly unknown[]): Promise<Row[]>;
  /** Sends a statement whose rows nobody needs; it travels with the commit, which fails if it fails. */
  send(statement: Statement | Query, values?: readonly unknown[]): void;
}

export interface DatabaseOptions {
  /** What `pg` needs to find the database: a connection string, or host, port, user and database. */
  readonly connection: pg.ClientConfig;
  readonly poolMax: number;
  readonly statementTimeoutMs: number;
  readonly lockTimeoutMs: number;
  readonly log: (message: string, details?: object) => void;
}

const transactionTriesMax = 5;
const connectTimeoutMs = 2_000;
const pipelinesMax = 2;

/** Opens the database. Nothing is connected before the first statement. Raises the fault `unavailable` when it is away. */
export function openDatabase(options: DatabaseOptions): Db {
  const config = clientConfig(options);
  let closing = false;
  // A connection that Postgres ends while we end it is no news.
  const log: DatabaseOptions['log'] = (message, details) => closing || options.log(message, details);
  const pool = openPool(config, options.poolMax, log);
  const pipelines = openPipelines(openPool(config, pipelinesMax, log), pipelinesMax);
  return {
    read: (statement, values) => faulty(() => retried(() => readShared(pipelines, withValues(statement, values)))),
    list: (query) => faulty(() => retried(async () => rowsOf(await pool.query(withValues(query))))),
    transaction: (work) => faulty(() => retried(() => withTransaction(pool, work))),
    ready: () => answers(pipelines),
    close: async () => {
      closing = true;
      await Promise.all([pool.end(), pipelines.close()]);
    },
  };
}

/** As whom a connection would be made: the user that is named, or the one that the environment names. */
export function userOf(connection: pg.ClientConfig): string {
  return new pg.Client(connection).user ?? '';
}

function clientConfig(options: DatabaseOptions): pg.PoolConfig {
  return {
    ...options.connection,
    pipeline: true,
    types: { getTypeParser },
    application_name: 'muster',
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: options.statementTimeoutMs,
    lock_timeout: options.lockTimeoutMs,
    idle_in_transaction_session_timeout: 2 * options.statementTimeoutMs,
    query_timeout: options.statementTimeoutMs + 3_000,
    // Compiling a plan takes longer than any of ours runs.
    options: '-c TimeZone=UTC -c jit=off',
  } as pg.PoolConfig;
}

function openPool(config: pg.PoolConfig, max: number, log: DatabaseOptions['log']): pg.Pool {
  const pool = new pg.Pool({ ...config, max, keepAlive: true });
  pool.on('error', (error) => log('an idle database connection failed', { reason: error.message }));
  pool.on('connect', (client) =>
    client.on('error', (error) => log('a database connection failed', { reason: error.message })),
  );
  return pool;
}

/** bigint fits a number here: sequences do not reach 2^53. Times stay text, in ISO form. */
function getTypeParser(oid: number, format?: 'text' | 'binary') {
  if (oid === pg.types.builtins.INT8) return Number;
  if (oid === pg.types.builtins.TIMESTAMPTZ) return isoTime;
  return pg.types.getTypeParser(oid, format as 'text');
}

/** `2026-01-31 12:00:00.5+00` as ISO 8601 in milliseconds; the session speaks UTC, and Postgres leaves zeros out. */
function isoTime(text: string): string {
  const seconds = text.slice(0, 19).replace(' ', 'T');
  return `${seconds}.${text.slice(20, -3).padEnd(3, '0')}Z`;
}

function rowsOf(result: pg.QueryResult): Row[] {
  return result.rows as Row[];
}

async function readShared({ next, retire }: Pipelines, query: pg.QueryConfig): Promise<Row[]> {
  const client = await next();
  try {
    return rowsOf(await sendQuery(client, query));
  } catch (error) {
    if (isOutdated(error)) retire(client);
    throw error;
  }
}

async function answers({ next }: Pipelines): Promise<true | string> {
  try {
    await (await next()).query('select 1');
    return true;
  } catch {
    return 'the database does not answer';
  }
}

function withValues(statement: Statement | Query, values: readonly unknown[] = []): pg.QueryConfig {
  return { ...statement, values: [...('values' in statement ? statement.values : values)] };
}

async function faulty<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw asFault(error);
  }
}

async function retried<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isTransient(error) || attempt === transactionTriesMax) throw error;
      const pauseMs = Math.random() * 10 * 2 ** attempt;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}

async function withTransaction<T>(pool: pg.Pool, work: (tx: Tx) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  const sent: Promise<unknown>[] = [];
  const failures: unknown[] = [];
  const run = (statement: Statement | Query, values?: readonly unknown[]) => {
    const running = sendQuery(client, withValues(statement, values));
    // The promise is awaited at the commit; until then its failure must not count as unhandled.
    running.catch((error) => failures.push(error));
    sent.push(running);
    return running;
  };
  const tx = {
    run: async (statement: Statement | Query, values?: readonly unknown[]) => rowsOf(await run(statement, values)),
    send: (statement: Statement | Query, values?: readonly unknown[]) => void run(statement, values),
  } as unknown as Tx;
  try {
    tx.send(begin);
    const result = await work(tx);
    await Promise.all([...sent, sendQuery(client, commit)]);
    client.release();
    return result;
  } catch (error) {
    await rollBack(client, failures);
    // What fails first is what happened; whatever runs after it hears only that the transaction is lost.
    throw failures[0] ?? error;
  }
}

const begin = { name: 'begin', text: 'begin' };
const commit = { name: 'commit', text: 'commit' };

/** A connection whose prepared plans no longer fit the tables is not used again. */
async function rollBack(client: pg.PoolClient, failures: readonly unknown[]): Promise<void> {
  try {
    await client.query('rollback');
    client.release(failures.some(isOutdated));
  } catch (error) {
    client.release(error as Error);
  }
}
