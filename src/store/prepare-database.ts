import { setTimeout as wait } from 'node:timers/promises';
import { Client, type ClientConfig } from 'pg';
import { grantServerRole, type ServerRole } from './grant-server-role.ts';
import { migrate } from './migrate.ts';
import { type Retention, writeRetention } from './retention.ts';

const connectTimeoutMs = 5_000;

/** How long to wait for a database that does not answer yet. */
export interface Patience {
  readonly totalMs: number;
  readonly attemptEveryMs: number;
  /** How often to say that it still does not answer. */
  readonly sayEveryMs: number;
}

/** How a database is reached, and how long to wait for one that does not answer yet. */
export interface Preparation {
  readonly connection: ClientConfig;
  /** Where the migrations are. */
  readonly folder: string;
  /** As whom the server will connect. */
  readonly server: ServerRole;
  /** For how long what happened is kept; absent where that is not for this process to say. */
  readonly retention?: Retention;
  /** What the database is called in messages: a host and a name, never a password. */
  readonly called: string;
  readonly patience: Patience;
  readonly log: (message: string) => void;
  /** Ends the waiting. */
  readonly signal?: AbortSignal;
}

const unbound =
  'the database user of DATABASE_URL can change and delete rows of the journal; ' +
  'give the server a user that is no superuser, and the owner of the tables its own URL in MIGRATE_DATABASE_URL';

const unretained =
  'JOURNAL_DAYS and REQUEST_LOG_DAYS are not what the owner of the tables wrote down, which counts; ' +
  'set MIGRATE_DATABASE_URL, or run "muster migrate" with it and with the same settings';

/**
 * Connects to the database, waiting a while for one that is still starting, brings it up to the newest migration, lets
 * the server's role do its work and writes down the retention. F-07. Gives the migrations that it applied. Throws an Error of one sentence that says what is wrong and what to do,
 * never with a password.
 */
export async function prepareDatabase(preparation: Preparation): Promise<readonly string[]> {
  const client = await connected(preparation);
  try {
    const { applied } = await migrate(client, preparation.folder);
    if (!(await grantServerRole(client, preparation.server))) preparation.log(unbound);
    const { retention } = preparation;
    if (retention !== undefined && !(await writeRetention(client, retention))) preparation.log(unretained);
    return applied;
  } finally {
    await client.end();
  }
}

async function connected({ connection, called, patience, log, signal }: Preparation): Promise<Client> {
  const start = performance.now();
  let saidAt = Number.NEGATIVE_INFINITY;
  for (;;) {
    const client = new Client({ ...connection, connectionTimeoutMillis: connectTimeoutMs });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return client;
    } catch (error) {
      const now = performance.now();
      const mayStillCome = mayPass(error) && now - start < patience.totalMs && signal?.aborted !== true;
      if (!mayStillCome) throw explained(error, called);
      if (now - saidAt >= patience.sayEveryMs) {
        saidAt = now;
        log(`the database ${called} does not answer yet; trying again`);
      }
      await wait(patience.attemptEveryMs, undefined, { ...(signal !== undefined && { signal }) });
    }
  }
}

/** Socket codes and SQLSTATEs of a server that may be there in a moment. */
const passing = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EAI_AGAIN',
  '57P03',
  '53300',
]);

function mayPass(error: unknown): boolean {
  const { code, message } = error as { code?: string; message: string };
  return passing.has(code ?? '') || /timeout|terminated/i.test(message);
}

/** What a person can do about each way in which a connection fails. */
const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there; start it, or correct the host and port in DATABASE_URL',
  ENOENT: 'there is no such socket; correct the host in DATABASE_URL',
  ENOTFOUND: 'there is no such host; correct it in DATABASE_URL',
  EAI_AGAIN: 'its host name cannot be looked up; correct the host in DATABASE_URL',
  '28P01': 'it refuses the user or the password; correct them in DATABASE_URL',
  '28000': 'it refuses the user; correct DATABASE_URL or its pg_hba.conf',
  '3D000': 'there is no such database; create it, or correct its name in DATABASE_URL',
  '53300': 'it has no connection free; raise its max_connections',
};

function explained(error: unknown, called: string): Error {
  const { code } = error as { code?: string };
  const reason = reasons[code ?? ''] ?? `it does not answer (${code ?? 'no reason given'}); check DATABASE_URL`;
  return new Error(`the database ${called} cannot be used: ${reason}`, { cause: error });
}
