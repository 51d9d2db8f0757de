import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
} from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { type Account, runAs } from './account.ts';
import { type Binaries, cleanEnvironment, type PostgresVersion } from './binaries.ts';

/** The role that owns the cluster. */
export const superuser = 'postgres';

/** The role as which the server works; what opens the database makes it. */
export const serverRole = 'muster_app';

const unfinishedName = 'initialising-';

// Names are compared by keys made in the program, so the database's order need only be the same on every machine.
const locale: Record<PostgresVersion, readonly string[]> = {
  18: ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
  15: ['--locale=C'],
};

/**
 * Gives the data folder of the cluster, made by `initdb` if it is not there. It gets its name only when it is complete,
 * so what an interrupted `initdb` has left is thrown away and begun again, and a cluster never is. Throws one
 * sentence when `initdb` fails or the data are those of another major version.
 */
export async function initialise(
  clusterFolder: string,
  binaries: Binaries,
  account: Account | undefined,
  sync: boolean,
): Promise<string> {
  const data = path.join(clusterFolder, 'data');
  if (existsSync(data)) return checkVersion(data, binaries.version);
  await removeUnfinished(clusterFolder);
  const unfinished = path.join(clusterFolder, `${unfinishedName}${randomBytes(4).toString('hex')}`);
  mkdirSync(unfinished, { mode: 0o700 });
  if (account !== undefined) chownSync(unfinished, account.uid, account.gid);
  chmodSync(unfinished, 0o700);
  await runInitdb(unfinished, binaries, account, sync);
  renameSync(unfinished, data);
  if (sync) makeDurable(clusterFolder);
  return data;
}

function makeDurable(folder: string): void {
  const file = openSync(folder, 'r');
  fsyncSync(file);
  closeSync(file);
}

async function runInitdb(
  data: string,
  { initdb, version }: Binaries,
  account: Account | undefined,
  sync: boolean,
): Promise<void> {
  const flags = ['--pgdata', data, '--username', superuser, '--auth=peer', '--encoding=UTF8', '--data-checksums'];
  const all = [...flags, ...locale[version], ...(sync ? [] : ['--no-sync'])];
  try {
    await promisify(execFile)(initdb, all, { ...runAs(account), cwd: '/', env: cleanEnvironment });
  } catch (cause) {
    throw new Error(`PostgreSQL's data folder cannot be made in ${path.dirname(data)}: ${explain(cause)}`, { cause });
  }
}

function explain(cause: unknown): string {
  const output = cause instanceof Error && 'stderr' in cause ? String(cause.stderr) : '';
  if (output.includes('could not look up effective user ID')) {
    return 'the account of this process has no name on this machine, so start Muster as one that has, or set DATABASE_URL';
  }
  const errors = output.split('\n').filter((line) => /error|fatal/i.test(line));
  return errors.at(0) ?? (cause instanceof Error ? cause.message : String(cause));
}

function checkVersion(data: string, version: PostgresVersion): string {
  const file = path.join(data, 'PG_VERSION');
  const found = existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
  if (found === String(version)) return data;
  const what = found === undefined ? 'no data of PostgreSQL' : `data of PostgreSQL ${found}`;
  throw new Error(
    `${data} holds ${what} and Muster brings PostgreSQL ${version}: name another folder with MUSTER_DATA`,
  );
}

/** An `initdb` whose Muster was killed may still be writing; it has a folder of its own, so that need not matter. */
async function removeUnfinished(clusterFolder: string): Promise<void> {
  const names = readdirSync(clusterFolder).filter((name) => name.startsWith(unfinishedName));
  await Promise.allSettled(names.map((name) => rm(path.join(clusterFolder, name), { recursive: true, maxRetries: 3 })));
}
