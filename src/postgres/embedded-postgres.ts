import { readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { chooseAccount, giveToOwnerOfFolder } from './account.ts';
import { findBinaries, type PostgresVersion } from './binaries.ts';
import { type Cluster, startCluster, stopCluster } from './cluster.ts';
import { prepareClusterFolder, prepareDataFolder } from './data-folder.ts';
import { type FolderLock, tryLock } from './folder-lock.ts';
import { initialise, serverRole, superuser } from './initialise.ts';
import { chooseSocketFolder, port } from './socket-folder.ts';
import { watchCluster } from './watch-cluster.ts';

/** The Postgres of a data folder, of which this process is one user. */
export interface EmbeddedPostgres {
  /** The folder of its socket, which Postgres clients take for a host. */
  readonly host: string;
  readonly port: number;
  /** Who owns the database. */
  readonly user: string;
  /** As whom the server is to work; there is no such role before somebody makes it. */
  readonly serverUser: string;
  readonly database: string;
  /** Where the data are, in the end: behind a link when the data folder itself could not hold them. */
  readonly clusterFolder: string;
  /** Whether it is up as far as is known: false from the moment its end is noticed until it has been started again. */
  ready(): boolean;
  /** Ends this process's use. The last user stops Postgres. To be called after the last connection is closed. */
  stop(): Promise<void>;
}

/** What a start needs to know. */
export interface EmbeddedPostgresOptions {
  /** Muster's data folder. */
  readonly folder: string;
  /** Of servers, a folder bears one; of commands, any number, beside it or without it. */
  readonly as: 'server' | 'command';
  readonly log: (message: string, details?: object) => void;
  readonly version?: PostgresVersion;
  /** Settings of Postgres above our own. */
  readonly settings?: Readonly<Record<string, string>>;
}

const turnPollMilliseconds = 50;
const serverGraceMilliseconds = 500;

/**
 * Starts the Postgres that npm brought along on the data folder, or joins the one that runs there, watches it and
 * starts it again when it is gone. Throws one sentence when that cannot be, among others when another server has the
 * folder. Requirements F-01, F-02, F-07, F-17.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const folder = prepareDataFolder(options.folder);
  const locks = path.join(folder, 'locks');
  const server = options.as === 'server' ? await takeServerLock(locks, options.folder) : undefined;
  try {
    return await join(options, folder, server);
  } catch (error) {
    server?.release();
    throw error;
  }
}

async function join(
  options: EmbeddedPostgresOptions,
  folder: string,
  server: FolderLock | undefined,
): Promise<EmbeddedPostgres> {
  const { log } = options;
  const locks = path.join(folder, 'locks');
  const inTurn = <T>(action: () => Promise<T>) => takeTurn(locks, log, action);
  const { cluster, running, use } = await inTurn(async () => {
    const prepared = await prepareCluster(options, folder);
    const started = await startCluster(prepared);
    return { cluster: { ...prepared, socketFolder: started.socketFolder }, running: started, use: register(locks) };
  });
  log(running.adopted ? 'PostgreSQL was running already' : 'PostgreSQL has started', { folder: cluster.folder });
  const watch = watchCluster(cluster, running, () => inTurn(() => startCluster(cluster)), log);
  const stop = async () => {
    await watch.stop();
    await inTurn(() => leave(locks, use, cluster, log));
    server?.release();
  };
  let stopped: Promise<void> | undefined;
  return {
    host: running.socketFolder,
    port,
    user: superuser,
    serverUser: serverRole,
    database: 'postgres',
    clusterFolder: cluster.folder,
    ready: watch.ready,
    stop: () => (stopped ??= stop()),
  };
}

async function prepareCluster(options: EmbeddedPostgresOptions, dataFolder: string): Promise<Cluster> {
  const settings = options.settings ?? {};
  const account = chooseAccount([path.join(dataFolder, 'postgres', 'data'), dataFolder]);
  const folder = prepareClusterFolder(dataFolder, account);
  const binaries = await findBinaries(options.version ?? 18, account);
  const data = await initialise(folder, binaries, account, settings.fsync !== 'off');
  return { folder, data, socketFolder: chooseSocketFolder(folder, account), binaries, account, settings };
}

/** The users share a lock; who can have it for himself is the last. To be called in one's turn. */
function register(locks: string): FolderLock {
  const lock = tryLock(path.join(locks, 'users'), 'shared');
  if (lock === undefined) throw new Error(`${locks}/users is locked by something that is not Muster: end that`);
  return lock;
}

async function leave(
  locks: string,
  use: FolderLock,
  cluster: Cluster,
  log: EmbeddedPostgresOptions['log'],
): Promise<void> {
  use.release();
  const alone = tryLock(path.join(locks, 'users'), 'exclusive');
  if (alone === undefined) return log('PostgreSQL goes on running for another process');
  await stopCluster(cluster.data);
  removeIfEmpty(cluster.socketFolder);
  alone.release();
  log('PostgreSQL has stopped');
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Not worth a word: an empty folder that the next start uses again.
  }
}

/** The turn is held while one process starts or stops Postgres, so no other sees it half done. */
async function takeTurn<T>(locks: string, log: EmbeddedPostgresOptions['log'], action: () => Promise<T>): Promise<T> {
  const file = path.join(locks, 'turn');
  let turn = tryLock(file, 'exclusive');
  if (turn === undefined) log('waiting for another process that starts or stops PostgreSQL');
  while (turn === undefined) {
    await delay(turnPollMilliseconds);
    turn = tryLock(file, 'exclusive');
  }
  try {
    return await action();
  } finally {
    turn.release();
  }
}

/** A predecessor that was just killed may take a moment to be gone, hence the grace. */
async function takeServerLock(locks: string, folder: string): Promise<FolderLock> {
  const pidFile = path.join(locks, 'server.pid');
  const deadline = Date.now() + serverGraceMilliseconds;
  for (;;) {
    const lock = tryLock(path.join(locks, 'server'), 'exclusive');
    if (lock !== undefined) {
      writeFileSync(pidFile, String(process.pid), { mode: 0o600 });
      giveToOwnerOfFolder(pidFile);
      return lock;
    }
    if (Date.now() > deadline) throw inUse(folder, readFileSync(pidFile, 'utf8'));
    await delay(turnPollMilliseconds);
  }
}

function inUse(folder: string, pid: string): Error {
  return new Error(
    `the data folder ${folder} is in use by the Muster server with process id ${pid}: ` +
      'stop that one, or give this one a folder of its own with MUSTER_DATA',
  );
}
