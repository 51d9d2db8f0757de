import { fileURLToPath } from 'node:url';
import type { Config } from '#config.ts';
import { startEmbeddedPostgres } from '#postgres/embedded-postgres.ts';
import { type Db, openDatabase } from '#store/database.ts';
import { prepareDatabase } from '#store/prepare-database.ts';

const migrations = fileURLToPath(new URL('../../migrations', import.meta.url));

/** How long a server waits for a database that does not answer yet; a command does not wait. */
const serverPatienceMs = 30_000;

/** The database that a process works with. */
export interface OpenRoll {
  readonly db: Db;
  /** Whether it is the one that came along. */
  readonly embedded: boolean;
  /** Whether it can be used now: true, or why not. */
  readonly ready: () => Promise<true | string>;
  /** Closes the connections, then stops the Postgres that came along unless somebody else uses it. */
  readonly close: () => Promise<void>;
}

type LogLine = (message: string, details?: object) => void;

/**
 * Opens the database of the settings, starting the one that came along where there is no other, and brings its schema up
 * to date. Throws an Error of one sentence when it cannot be used.
 */
export async function openRoll(config: Config, as: 'server' | 'command', log: LogLine): Promise<OpenRoll> {
  const own =
    config.databaseUrl === undefined ? await startEmbeddedPostgres({ folder: config.dataFolder, as, log }) : undefined;
  const connection =
    own === undefined
      ? { connectionString: config.databaseUrl }
      : { host: own.host, port: own.port, user: own.user, database: own.database };
  const owner = own === undefined ? { connectionString: config.migrateDatabaseUrl } : connection;
  const patienceMs = as === 'server' ? serverPatienceMs : 0;
  try {
    await prepareDatabase({ connection: owner, folder: migrations, called: nameOf(config), patienceMs, log });
  } catch (error) {
    await own?.stop();
    throw error;
  }
  const db = openDatabase({
    connection,
    poolMax: config.databasePoolMax,
    statementTimeoutMs: config.databaseStatementTimeoutMs,
    lockTimeoutMs: config.databaseLockTimeoutMs,
    log,
  });
  return {
    db,
    embedded: own !== undefined,
    ready: async () => (own?.ready() === false ? 'the database is being started again' : db.ready()),
    close: async () => {
      await db.close();
      await own?.stop();
    },
  };
}

/** Host and name of the database, for messages. */
function nameOf({ migrateDatabaseUrl, dataFolder }: Config): string {
  if (migrateDatabaseUrl === undefined) return `in ${dataFolder}`;
  const { host, pathname } = new URL(migrateDatabaseUrl);
  return `${decodeURIComponent(pathname.slice(1)) || 'postgres'} on ${decodeURIComponent(host) || 'this machine'}`;
}
