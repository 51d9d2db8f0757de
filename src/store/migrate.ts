import { setTimeout as wait } from 'node:timers/promises';
import { type Client, DatabaseError } from 'pg';
import { type MigrationFile, readMigrations } from './migration-files.ts';

interface AppliedRow {
  readonly number: number;
  readonly name: string;
  readonly checksum: string;
}

/** Any number that nothing else in the database takes as an advisory lock. */
const migrationLock = 5_261_966_117;
/** Waits until nobody else migrates; its turn ends with the transaction. */
export const migrationTurn = `select pg_advisory_xact_lock(${migrationLock})`;
const serverVersionMin = 150_000;

/** How patient a migration is. */
export interface Patience {
  /** How long to wait for another process that migrates. */
  readonly turnMs: number;
  /** How long DDL may stand in front of a busy table, with everybody else queued behind it. */
  readonly tableMs: number;
  /** How often to try when tables stay busy. */
  readonly attemptsMax: number;
}

const usual: Patience = { turnMs: 300_000, tableMs: 2_000, attemptsMax: 5 };

/**
 * Brings the database up to the newest migration of a folder, everything in one transaction: all of it is there afterwards,
 * or nothing. Processes that migrate at once take turns. Takes a connected client that is nobody else's, and gives the names
 * of the files applied. Throws an Error of one sentence when the server is older than PostgreSQL 15, the database is newer
 * than the program, an applied file was edited, a file is out of line or fails, or the tables stay locked.
 */
export async function migrate(
  client: Client,
  folder: string,
  patience: Patience = usual,
): Promise<{ readonly applied: readonly string[] }> {
  const files = await readMigrations(folder);
  // A connection that breaks also emits an error, which ends the process when nobody listens.
  const ignore = () => {};
  client.on('error', ignore);
  try {
    return { applied: await applyWithRetry(client, files, patience) };
  } catch (error) {
    throw explain(error, patience);
  } finally {
    client.off('error', ignore);
  }
}

async function applyWithRetry(
  client: Client,
  files: readonly MigrationFile[],
  patience: Patience,
): Promise<readonly string[]> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await applyOnce(client, files, patience);
    } catch (error) {
      if (!isLockTimeout(error) || attempt === patience.attemptsMax) throw error;
      await wait(attempt * 100);
    }
  }
}

async function applyOnce(
  client: Client,
  files: readonly MigrationFile[],
  patience: Patience,
): Promise<readonly string[]> {
  await client.query('begin');
  try {
    await checkServer(client);
    await takeTurn(client, patience);
    const applied = await readApplied(client);
    const missing = checkApplied(files, applied);
    await client.query(`set local lock_timeout = ${patience.tableMs}`);
    for (const file of missing) await applyFile(client, file);
    await client.query('commit');
    return missing.map((file) => file.name);
  } catch (error) {
    // When the connection is gone the server has rolled back already, and the first error is the one to tell.
    await client.query('rollback').catch(() => {});
    throw error;
  }
}

async function checkServer(client: Client): Promise<void> {
  const { rows } = await client.query<{ version: string; number: string }>(
    "select current_setting('server_version') as version, current_setting('server_version_num') as number",
  );
  const [row] = rows;
  if (Number(row?.number) < serverVersionMin) {
    throw new Error(`The database is PostgreSQL ${row?.version}; use PostgreSQL 15 or later.`);
  }
}

async function takeTurn(client: Client, { turnMs }: Patience): Promise<void> {
  await client.query(`set local statement_timeout = 0; set local lock_timeout = ${turnMs}`);
  try {
    await client.query(migrationTurn);
  } catch (error) {
    if (!isLockTimeout(error)) throw error;
    throw new Error(`Another process is still migrating the database after ${turnMs} ms; wait for it or stop it.`);
  }
}

async function readApplied(client: Client): Promise<readonly AppliedRow[]> {
  const { rows } = await client.query<{ there: boolean }>("select to_regclass('migration') is not null as there");
  if (rows[0]?.there !== true) {
    await client.query(`create table migration (
      number integer constraint migration_pkey primary key,
      name text not null,
      checksum text not null,
      applied_at timestamptz(3) not null default now()
    )`);
  }
  return (await client.query<AppliedRow>('select number, name, checksum from migration order by number')).rows;
}

/** Compares what the database has with what the program has, and gives the files that are still to be applied. */
function checkApplied(files: readonly MigrationFile[], applied: readonly AppliedRow[]): readonly MigrationFile[] {
  const newest = applied.at(-1)?.number ?? 0;
  if (newest > files.length) {
    throw new Error(
      `The database is at migration ${newest} and this program knows ${files.length}; start the newer program.`,
    );
  }
  for (const [index, row] of applied.entries()) {
    const file = files[index];
    if (file?.number !== row.number) {
      throw new Error(`The database has migration ${row.number} but not ${index + 1}; restore it from a backup.`);
    }
    if (file.checksum !== row.checksum) {
      throw new Error(`${file.name} was edited after it was applied; restore the file and write a new migration.`);
    }
  }
  return files.slice(newest);
}

async function applyFile(client: Client, file: MigrationFile): Promise<void> {
  try {
    await client.query(file.text);
  } catch (cause) {
    if (!(cause instanceof DatabaseError) || isLockTimeout(cause) || isBroken(cause)) throw cause;
    const line = file.text.slice(0, Number(cause.position ?? 0)).split('\n').length;
    const message = `${file.name} fails at line ${line}: ${cause.message}; nothing was changed, mend it and start again.`;
    throw new Error(message, { cause });
  }
  await client.query('insert into migration (number, name, checksum) values ($1, $2, $3)', [
    file.number,
    file.name,
    file.checksum,
  ]);
}

function explain(error: unknown, { attemptsMax }: Patience): unknown {
  if (isLockTimeout(error)) {
    return new Error(
      `The migration could not lock its tables in ${attemptsMax} attempts; stop what uses the database and start again.`,
      { cause: error },
    );
  }
  if (!isBroken(error)) return error;
  return new Error('The connection broke while the database was migrated; start again to complete the migration.', {
    cause: error,
  });
}

function isLockTimeout(error: unknown): boolean {
  return error instanceof DatabaseError && error.code === '55P03';
}

/** True when the server ended the session (class 57P), or the socket did: such errors have no SQLSTATE. */
function isBroken(error: unknown): boolean {
  if (error instanceof DatabaseError) return error.code?.startsWith('57P') === true;
  return error instanceof Error && /^Connection terminated|not queryable|ECONNRESET|EPIPE/.test(error.message);
}
