import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** What the running Postgres of a data folder says of itself in `postmaster.pid`. */
export interface Postmaster {
  readonly pid: number;
  readonly socketFolder: string;
  readonly state: 'starting' | 'ready' | 'stopping';
}

/** The lock file that Postgres keeps in its data folder while it runs, and leaves there when it is killed. */
export function pidFile(data: string): string {
  return path.join(data, 'postmaster.pid');
}

/**
 * Finds the Postgres that runs on the data folder. `none`: no process. `foreign`: the pid in the lock file now belongs to
 * a process that has nothing to do with the folder (or is dead and not yet buried), which Postgres itself would
 * believe and refuse to start, for ever in a container, where pids repeat.
 */
export function findPostmaster(data: string): Postmaster | 'none' | 'foreign' {
  const postmaster = readPidFile(data);
  if (postmaster === undefined || !exists(postmaster.pid)) return 'none';
  return isPostmasterOf(postmaster.pid, data) ? postmaster : 'foreign';
}

/** Whether Postgres runs on the data folder, be it starting or stopping. */
export function isRunning(data: string): boolean {
  return typeof findPostmaster(data) === 'object';
}

/** Whether the process has ended, be it that nobody has taken note of its end yet. */
export function hasEnded(pid: number): boolean {
  if (process.platform !== 'linux') return !exists(pid);
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return /^ [ZX]/.test(stat.slice(stat.lastIndexOf(')') + 1));
  } catch {
    return true;
  }
}

function readPidFile(data: string): Postmaster | undefined {
  let lines: readonly string[];
  try {
    lines = readFileSync(pidFile(data), 'utf8').split('\n');
  } catch {
    return undefined;
  }
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  return { pid, socketFolder: lines[4] ?? '', state: readState(lines[7]?.trim()) };
}

function readState(word: string | undefined): Postmaster['state'] {
  return word === 'ready' || word === 'stopping' ? word : 'starting';
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function isPostmasterOf(pid: number, data: string): boolean {
  if (process.platform !== 'linux') return programOf(pid).endsWith('postgres');
  try {
    if (readFileSync(`/proc/${pid}/comm`, 'utf8').trim() !== 'postgres') return false;
    return worksIn(pid, data) ?? wasStartedOn(pid, data);
  } catch {
    return false; // it has ended meanwhile
  }
}

/** Postgres works in its data folder, also when that is moved. Undefined: root in a container may not see where. */
function worksIn(pid: number, data: string): boolean | undefined {
  const folder = statSync(data);
  try {
    const works = statSync(`/proc/${pid}/cwd`);
    return works.ino === folder.ino && works.dev === folder.dev;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EACCES') return undefined;
    return false; // a zombie works nowhere
  }
}

function wasStartedOn(pid: number, data: string): boolean {
  const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  return words[words.indexOf('-D') + 1] === data;
}

function programOf(pid: number): string {
  try {
    return execFileSync('ps', ['-o', 'comm=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}
