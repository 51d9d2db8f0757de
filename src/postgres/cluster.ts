import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { writeAccessFiles } from './access-files.ts';
import { type Account, giveToOwnerOfFolder, runAs } from './account.ts';
import { type Binaries, cleanEnvironment } from './binaries.ts';
import { findPostmaster, hasEnded, isRunning, type Postmaster, pidFile } from './postmaster.ts';
import { port, prepareSocketFolder, socketFile } from './socket-folder.ts';

/** What is needed to start the Postgres of one data folder. */
export interface Cluster {
  readonly folder: string;
  readonly data: string;
  readonly socketFolder: string;
  readonly binaries: Binaries;
  readonly account: Account | undefined;
  readonly settings: Readonly<Record<string, string>>;
}

/** A Postgres that answers: where, and, if this process started it, when it ends. */
export interface Running {
  readonly socketFolder: string;
  readonly adopted: boolean;
  readonly ended: Promise<string> | undefined;
}

const pollMilliseconds = 20;
const startMillisecondsMax = 300_000; // recovery after a crash reads all that was written since the last checkpoint
const retryMilliseconds = 250;
const retriesMax = 40;
const fastStopMillisecondsMax = 30_000;
const logBytesMax = 1_000_000;

// Lines of a Postgres that could not start just now and can a moment later: backends of a killed one are still there.
const passing = /pre-existing shared memory block|lock file .* already exists|is another (postmaster|postgres)/i;

// Statements that fail are our clients' business and hold personal data; the log is for Postgres's own troubles.
const defaults = {
  listen_addresses: '',
  unix_socket_permissions: '0700',
  shared_buffers: '128MB',
  max_connections: '100',
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_checkpoints: 'off',
};

/**
 * Starts Postgres on the data folder and waits until it takes connections; one that runs there already is adopted. A
 * lock file that names a foreign process is removed. Throws one sentence with Postgres's own words when it fails.
 */
export async function startCluster(cluster: Cluster): Promise<Running> {
  for (let attempt = 1; ; attempt += 1) {
    const adopted = await adopt(cluster);
    if (adopted !== undefined) return { socketFolder: adopted.socketFolder, adopted: true, ended: undefined };
    const outcome = await launch(cluster);
    if (outcome.kind === 'ready') return { socketFolder: cluster.socketFolder, adopted: false, ended: outcome.ended };
    if (!outcome.passing || attempt > retriesMax) {
      throw new Error(`PostgreSQL does not start on ${cluster.data}: ${outcome.reason}`);
    }
    await delay(retryMilliseconds);
  }
}

/**
 * Stops the Postgres that runs on the data folder, if one does, and waits for its end. Open transactions are rolled
 * back; after 30 seconds it is stopped without a last checkpoint, from which it recovers at the next start.
 */
export async function stopCluster(data: string): Promise<void> {
  const found = findPostmaster(data);
  if (typeof found === 'string') return;
  process.kill(found.pid, 'SIGINT');
  const deadline = Date.now() + fastStopMillisecondsMax;
  while (!hasEnded(found.pid) && Date.now() < deadline) await delay(pollMilliseconds);
  if (isRunning(data)) process.kill(found.pid, 'SIGQUIT');
  while (!hasEnded(found.pid)) await delay(pollMilliseconds);
}

async function adopt(cluster: Cluster): Promise<Postmaster | undefined> {
  const deadline = Date.now() + startMillisecondsMax;
  for (;;) {
    const found = findPostmaster(cluster.data);
    if (found === 'foreign') rmSync(pidFile(cluster.data), { force: true });
    if (typeof found === 'string') return undefined;
    if (found.state === 'ready') {
      if (existsSync(socketFile(found.socketFolder))) return found;
      await stopCluster(cluster.data); // somebody has tidied its socket away, so nobody can reach it any more
      return undefined;
    }
    if (Date.now() > deadline) throw tooSlow(cluster);
    await delay(pollMilliseconds);
  }
}

type Outcome =
  | { readonly kind: 'ready'; readonly ended: Promise<string> }
  | { readonly kind: 'failed'; readonly passing: boolean; readonly reason: string };

async function launch(cluster: Cluster): Promise<Outcome> {
  const log = openLog(cluster);
  const child = spawnPostgres(cluster, log.file);
  closeSync(log.file);
  const ended = endOf(child);
  const deadline = Date.now() + startMillisecondsMax;
  let end: string | undefined;
  while (end === undefined) {
    const found = findPostmaster(cluster.data);
    if (typeof found === 'object' && found.pid === child.pid && found.state === 'ready')
      return { kind: 'ready', ended };
    if (Date.now() > deadline) throw tooSlow(cluster);
    end = await Promise.race([ended, delay(pollMilliseconds, undefined)]);
  }
  const words = readFileSync(log.path, 'utf8').slice(log.length);
  return { kind: 'failed', passing: passing.test(words) || end.startsWith('SIG'), reason: explain(words, end) };
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
}

/** Without `pg_ctl`, which passes its arguments, paths with quotes too, through a shell. */
function spawnPostgres(cluster: Cluster, log: number): ChildProcess {
  prepareSocketFolder(cluster.socketFolder, cluster.account);
  // No Postgres of ours runs, so what a killed one has left there names a dead process, or by now a foreign one.
  for (const left of ['', '.lock']) rmSync(`${socketFile(cluster.socketFolder)}${left}`, { force: true });
  const files = writeAccessFiles(cluster.folder, cluster.account);
  const settings = {
    ...defaults,
    ...cluster.settings,
    port: String(port),
    unix_socket_directories: `"${cluster.socketFolder.replaceAll('"', '""')}"`,
    hba_file: files.hba,
    ident_file: files.ident,
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  // In a session of its own, where neither Ctrl-C nor our death reaches it: we end it last, or adopt it again.
  const child = spawn(cluster.binaries.postgres, ['-D', cluster.data, ...flags], {
    ...runAs(cluster.account),
    detached: true,
    cwd: '/',
    env: cleanEnvironment,
    stdio: ['ignore', log, log],
  });
  child.unref();
  return child;
}

function openLog(cluster: Cluster): { readonly path: string; readonly file: number; readonly length: number } {
  const log = path.join(cluster.folder, 'postgres.log');
  if ((statSync(log, { throwIfNoEntry: false })?.size ?? 0) > logBytesMax) truncateSync(log);
  const file = openSync(log, 'a', 0o600);
  giveToOwnerOfFolder(log);
  return { path: log, file, length: readFileSync(log, 'utf8').length };
}

function explain(words: string, end: string): string {
  const lines = words.split('\n').filter((line) => /FATAL|PANIC|ERROR|error while loading/.test(line));
  return lines.at(-1) ?? words.trim().split('\n').at(-1) ?? end;
}

function tooSlow(cluster: Cluster): Error {
  const seconds = startMillisecondsMax / 1000;
  return new Error(`PostgreSQL has not become ready within ${seconds} seconds: see ${cluster.folder}/postgres.log`);
}
