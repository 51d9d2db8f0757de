import { fileURLToPath } from 'node:url';
import type { Config } from '#config.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '#postgres/embedded-postgres.ts';
import { type Db, openDatabase, userOf } from '#store/database.ts';
import { type Patience, prepareDatabase } from '#store/prepare-database.ts';
import { sayFirstStart } from './say-first-start.ts';

const migrations = fileURLToPath(new URL('../../migrations', import.meta.url));

/** A server waits for a database that does not answer yet; whoever waits for a command would rather know. */
const patienceOf: Record<RollOptions['as'], Patience> = {
  server: { totalMs: 30_000, attemptEveryMs: 1_000, sayEveryMs: 5_000 },
  command: { totalMs: 0, attemptEveryMs: 1_000, sayEveryMs: 5_000 },
};

/** The database that a process works with. */
export interface OpenRoll {
  readonly db: Db;
  /** Whether it is the one that came along. */
  readonly embedded: boolean;
  /** The migrations that were applied to it now. */
  readonly applied: readonly string[];
  /** Whether it can be used now: true, or why not. */
  readonly ready: () => Promise<true | string>;
  /** Closes the connections, then stops the Postgres that came along unless somebody else uses it. */
  readonly close: () => Promise<void>;
}

type LogLine = (message: string, details?: object) => void;

/** How a process opens the database. */
export interface RollOptions {
  readonly as: 'server' | 'command';
  /** Whether its settings say for how long what happened is kept; a server's always do. */
  readonly retains?: boolean;
  /** What happens in the course of things, and what should not happen. */
  readonly log: { readonly info: LogLine; readonly warn: LogLine };
  readonly patience?: Patience;
  /** Ends the waiting for a database that does not answer. */
  readonly signal?: AbortSignal;
}

/**
 * Opens the database of the settings, starting the one that came along where there is no other, and brings its schema up
 * to date. Throws an Error of one sentence when it cannot be used. F-07.
 */
export async function openRoll(config: Config, options: RollOptions): Promise<OpenRoll> {
  const { as, retains = as === 'server', log, patience = patienceOf[as], signal } = options;
  const own = config.databaseUrl === undefined ? await startOwn(config, options) : undefined;
  const { connection, owner } = waysIn(config, own);
  const server = { name: userOf(connection), make: own !== undefined };
  const preparation = {
    connection: owner,
    folder: migrations,
    server,
    ...(retains && { retention: { journalDays: config.journalDays, requestLogDays: config.requestLogDays } }),
    called: nameOf(config),
    patience,
    log: log.warn,
  };
  const applied = await prepareDatabase({ ...preparation, ...(signal !== undefined && { signal }) }).catch(
    async (error) => {
      await own?.stop();
      throw error;
    },
  );
  const db = openDatabase({
    connection,
    poolMax: config.databasePoolMax,
    statementTimeoutMs: config.databaseStatementTimeoutMs,
    lockTimeoutMs: config.databaseLockTimeoutMs,
    log: log.warn,
  });
  let closed: Promise<void> | undefined;
  return {
    db,
    embedded: own !== undefined,
    applied,
    ready: async () => (own?.ready() === false ? 'the database is being started again' : db.ready()),
    close: () => (closed ??= db.close().then(() => own?.stop())),
  };
}

/** How the server reaches the database, and how its owner does. */
function waysIn(config: Config, own: EmbeddedPostgres | undefined) {
  if (own === undefined) {
    return {
      connection: { connectionString: config.databaseUrl },
      owner: { connectionString: config.migrateDatabaseUrl },
    };
  }
  const { host, port, user, serverUser, database } = own;
  return { connection: { host, port, user: serverUser, database }, owner: { host, port, user, database } };
}

function startOwn({ dataFolder }: Config, { as, log }: RollOptions) {
  sayFirstStart(dataFolder);
  return startEmbeddedPostgres({ folder: dataFolder, as, log: log.info });
}

/** Host and name of the database, for messages. */
function nameOf({ migrateDatabaseUrl, dataFolder }: Config): string {
  if (migrateDatabaseUrl === undefined) return `in ${dataFolder}`;
  const { host, pathname } = new URL(migrateDatabaseUrl);
  return `${decodeURIComponent(pathname.slice(1)) || 'postgres'} on ${decodeURIComponent(host) || 'this machine'}`;
}
