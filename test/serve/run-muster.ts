import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, inject } from 'vitest';
import { settings } from '#config.ts';
import { isAlive } from '#test/postgres/processes.ts';
import { waitUntil } from '#test/support/wait-until.ts';

const project = path.resolve(import.meta.dirname, '../..');

/** What starts everything. */
export const launcher = path.join(project, 'src/launch.mjs');

/** What starts the server. */
export const main = path.join(project, 'src/main.ts');

/** A process of ours, and what it has said so far. */
export interface Running {
  readonly child: ChildProcess;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Resolves when it has ended and all that it said is here. */
  readonly ended: Promise<Ended>;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Settings for a process: those of the surroundings do not count. */
export type Settings = Readonly<Record<string, string>>;

const children: ChildProcess[] = [];
const folders = new Set<string>();

// What a failed test has left running. Not at the end of each test, since some run at the same time.
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  for (const pid of [...folders].map(postgresPid)) if (pid !== undefined && isAlive(pid)) process.kill(pid, 'SIGKILL');
});

/** Starts a program with settings of its own. It does not outlive the tests of the file. */
export function run(program: string, args: readonly string[], env: Settings, options: SpawnOptions = {}): Running {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options, env: cleanEnv(env) });
  children.push(child);
  if (env.MUSTER_DATA !== undefined) folders.add(env.MUSTER_DATA);
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      said[name] += text;
    });
  }
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, ...said }));
  return { child, stdout: () => said.stdout, stderr: () => said.stderr, ended };
}

/** Runs the command line to its end. */
export function muster(args: readonly string[], env: Settings): Promise<Ended> {
  return run(process.execPath, [launcher, ...args], env).ended;
}

/** Starts the server and waits for what it does without, its end that is. */
export function failToServe(env: Settings, options: SpawnOptions = {}): Promise<Ended> {
  return run(process.execPath, [launcher, main], { PORT: '0', ...env }, options).ended;
}

/** A server that listens. */
export interface Serving extends Running {
  readonly url: string;
}

/** Starts the server on any free port and waits until it has greeted. Throws what it says when it does not come up. */
export async function serveOn(folder: string, env: Settings = {}): Promise<Serving> {
  return greeted(run(process.execPath, [launcher, main], { MUSTER_DATA: folder, PORT: '0', ...env }));
}

/** Waits for the greeting. */
export async function greeted(running: Running): Promise<Serving> {
  let over = false;
  void running.ended.then(() => (over = true));
  await waitUntil(() => over || running.stdout().includes('Stop with'), 'the greeting', { deadlineMs: 30_000 });
  const url = /SCIM base URL: (\S+)\/scim\/v2/.exec(running.stdout())?.[1];
  if (url === undefined) throw new Error(running.stdout() + running.stderr());
  return { ...running, url };
}

/** Sends the signal and waits for the end. */
export async function stop({ child, ended }: Running, signal: NodeJS.Signals = 'SIGTERM'): Promise<Ended> {
  child.kill(signal);
  return ended;
}

/** The token that the first start left in the data folder. */
export function firstToken(folder: string): string {
  return readFileSync(path.join(folder, 'first-token'), 'utf8').trim();
}

/** The pid of the Postgres that runs, or ran last, on the data folder; undefined when it has stopped in order. */
export function postgresPid(folder: string): number | undefined {
  try {
    return Number(readFileSync(path.join(folder, 'postgres/data/postmaster.pid'), 'utf8').split('\n')[0]);
  } catch {
    return undefined;
  }
}

/** Sends SCIM's JSON with a token. */
export function send(url: string, token: string, method: string, target: string, body?: object): Promise<Response> {
  return fetch(`${url}/scim/v2${target}`, {
    method,
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/scim+json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

function cleanEnv(env: Settings): NodeJS.ProcessEnv {
  const ours = new Set(Object.values(settings).map(({ name }) => name as string));
  const others = Object.entries(process.env).filter(([name]) => !ours.has(name));
  // Node reads each of our modules anew at every start; what it made of them is the same for all processes of a run.
  const cache = { NODE_COMPILE_CACHE: path.join(inject('folder'), 'compile-cache') };
  return { ...Object.fromEntries(others), ...cache, ...env };
}
