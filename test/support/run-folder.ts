import { glob, mkdir, readdir, readFile, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stopCluster } from '#postgres/cluster.ts';

const prefix = 'muster-test-';

/** A database is hundreds of files, and a run has hundreds of databases: in memory they cost half, where there is room. */
const memory = '/dev/shm';
const roomBytes = 8 * 2 ** 30;

async function parentFolder(): Promise<string> {
  const room = await statfs(memory).catch(() => undefined);
  return room !== undefined && room.bavail * room.bsize >= roomBytes ? memory : tmpdir();
}

/** Makes the folder of this run. Its name says which process owns it, so that a later run can tell whether it is dead. */
export async function makeRunFolder(): Promise<string> {
  const folder = path.join(await parentFolder(), `${prefix}${process.pid}-${await startOf(process.pid)}`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { mode: 0o755 });
  return folder;
}

/** Stops the clusters that killed runs have left behind, and removes their folders. */
export async function reapDeadRuns(): Promise<void> {
  for (const parent of [memory, tmpdir()]) {
    const names = await readdir(parent).catch(() => []);
    for (const name of names.filter((each) => each.startsWith(prefix))) await reap(path.join(parent, name));
  }
}

async function reap(folder: string): Promise<void> {
  const [pid, start] = path.basename(folder).slice(prefix.length).split('-');
  if ((await startOf(Number(pid))) === start) return;
  for await (const file of glob('**/postmaster.pid', { cwd: folder }))
    await stopCluster(path.dirname(path.join(folder, file)));
  await rm(folder, { recursive: true, force: true });
}

/** When a process started, in ticks since boot: pids are given again, the pair is not. Undefined when it is gone. */
async function startOf(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The second field is the name of the program in parentheses, and may have spaces and parentheses itself.
  if (stat !== '') return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  if (process.platform === 'linux') return undefined;
  return isAlive(pid) ? '0' : undefined;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
