import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import type { EmbeddedPostgres } from '#postgres/embedded-postgres.ts';

/** A process of its own that uses the Postgres of a folder, and what it says once it is up. */
export interface Holder {
  readonly process: ChildProcess;
  readonly postgres: Omit<EmbeddedPostgres, 'ready' | 'stop'>;
}

const launcher = path.resolve(import.meta.dirname, '../../src/launch.mjs');
const program = path.join(import.meta.dirname, 'hold-cluster.ts');

/** Starts a process that uses the Postgres of the folder until SIGTERM. Throws what it says when it does not come up. */
export async function hold(
  folder: string,
  as: 'server' | 'command',
  env: NodeJS.ProcessEnv = process.env,
): Promise<Holder> {
  return heldBy(spawn(process.execPath, [launcher, program, folder, as], { env, stdio: ['ignore', 'pipe', 'pipe'] }));
}

/** Waits until the process says that its Postgres is up. */
export async function heldBy(child: ChildProcess): Promise<Holder> {
  if (child.stdout === null || child.stderr === null) throw new Error('the process has no output to read');
  const complaint = text(child.stderr);
  const [line] = await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
  if (Buffer.isBuffer(line)) return { process: child, postgres: JSON.parse(line.toString()) };
  throw new Error(await complaint);
}

/** Ends the process with the signal and gives its exit code, null when the signal killed it. */
export async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  const exit = once(child, 'exit');
  child.kill(signal);
  const [code] = await exit;
  return code;
}

/** The pid of the Postgres that runs, or ran last, in the cluster's folder. */
export function postmasterPid({ clusterFolder }: { readonly clusterFolder: string }): number {
  return Number(readFileSync(path.join(clusterFolder, 'data/postmaster.pid'), 'utf8').split('\n')[0]);
}

/** Whether the process lives; one that is dead and not yet waited for does not. */
export function isAlive(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
