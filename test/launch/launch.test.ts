import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, inject, test } from 'vitest';
import { isAlive } from '#test/postgres/processes.ts';
import { waitUntil } from '#test/support/wait-until.ts';

const project = path.resolve(import.meta.dirname, '../..');
const launcher = path.join(project, 'src/launch.mjs');
const report = path.join(import.meta.dirname, 'report.ts');

interface Runtime {
  readonly name: string;
  readonly program: string;
  readonly flags: readonly string[];
}

const node24: Runtime = { name: 'Node 24', program: process.execPath, flags: [] };

// Node 24 in the clothes of Node 20, for machines that have no older Node, and the older Node of those that have.
const pretend = 'Object.defineProperty(process,"versions",{value:{...process.versions,node:"20.11.1"}})';
const standIn = ['--import', `data:text/javascript,${encodeURIComponent(pretend)}`];
const olderNodes: readonly Runtime[] = [
  { name: 'a stand-in for Node 20', program: process.execPath, flags: standIn },
  ...findOlderNode(),
];

// npm brings Node 24 along for Linux only.
describe.each([node24, ...(process.platform === 'linux' ? olderNodes : [])])(
  'the launcher, run with $name,',
  (command) => {
    test('runs the script named first on Node 24 with the other arguments, and exits as it does', () => {
      const script = path.relative(import.meta.dirname, report);
      const run = runToEnd(command, [launcher, script, '3', 'b c'], import.meta.dirname);
      expect(run.status).toBe(3);
      const said = JSON.parse(run.stdout);
      expect(said.node).toMatch(/^2[4-9]\./);
      expect(said.argv.slice(1)).toEqual([report, '3', 'b c']);
      expect(said.launcher).toBeUndefined();
      if (command !== node24) expect(said.path.split(path.delimiter)[0]).toBe(path.dirname(said.argv[0]));
    });

    test('runs the command line beside it when the first argument is no script', () => {
      const folder = makeCopy();
      writeFileSync(path.join(folder, 'src/cli.ts'), 'console.log(JSON.stringify(process.argv.slice(2) as string[]));');
      symlinkSync(path.join(project, 'node_modules'), path.join(folder, 'node_modules'));
      const copy = path.join(folder, 'src/launch.mjs');
      expect(runToEnd(command, [copy, 'user', 'show', 'x.ts'], '/').stdout).toBe('["user","show","x.ts"]\n');
      expect(runToEnd(command, [copy], '/').stdout).toBe('[]\n');
    });

    test('ends by the signal that ended the script', () => {
      expect(runToEnd(command, [launcher, report, 'die'], '/').signal).toBe('SIGKILL');
    });

    test('passes signals on, each once, and the exit code back', async () => {
      const { child, lines } = await stay(command);
      for (const signal of ['SIGINT', 'SIGHUP', 'SIGQUIT'] as const) {
        child.kill(signal);
        expect((await lines.next()).value).toBe(signal);
      }
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      expect((await lines.next()).value).toBe('SIGINT SIGHUP SIGQUIT');
      expect(await exit).toEqual([7, null]);
    });

    test('lets Ctrl-C, which goes to the whole group of processes, reach the script once', async () => {
      const { child, lines } = await stay(command);
      process.kill(-Number(child.pid), 'SIGINT');
      expect((await lines.next()).value).toBe('SIGINT');
      child.kill('SIGTERM');
      expect((await lines.next()).value).toBe('SIGINT');
      expect((await lines.next()).done).toBe(true);
    });

    test('takes the script along when it is killed outright', async () => {
      const { child, pid } = await stay(command);
      child.kill('SIGKILL');
      await waitUntil(() => !isAlive(pid), 'the end of the script');
    });
  },
);

describe.each(olderNodes)('$name', (command) => {
  test('is told in one sentence to install Node 24 where npm has not brought it', () => {
    const folder = makeCopy();
    const run = runToEnd(command, [path.join(folder, 'src/launch.mjs'), report], folder);
    expect(run.status).toBe(1);
    expect(run.stderr).toMatch(
      /^Muster needs Node 24 and this is Node [12]\d\.\d+\.\d+: install Node 24 and start again\.\n$/,
    );
    expect(run.stdout).toBe('');
  });
});

test('the launcher can be run as a program, as npx does', () => {
  expect(execFileSync(launcher, [report, '0'], { encoding: 'utf8' })).toContain('"node":"24.');
});

function runToEnd({ program, flags }: Runtime, args: readonly string[], cwd: string) {
  return spawnSync(program, [...flags, ...args], { cwd, encoding: 'utf8' });
}

/** Starts the reporting script in a group of processes of its own, as a shell does, and waits until it is up. */
async function stay({ program, flags }: Runtime) {
  const child = spawn(program, [...flags, launcher, report, 'stay'], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (child.stdout === null) throw new Error('the script has no output to read');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const said = JSON.parse(String((await lines.next()).value));
  return { child, lines, pid: Number(said.pid) };
}

/** A folder with nothing in it but the launcher. */
function makeCopy(): string {
  const folder = mkdtempSync(path.join(inject('folder'), 'launch-'));
  mkdirSync(path.join(folder, 'src'));
  copyFileSync(launcher, path.join(folder, 'src/launch.mjs'));
  return folder;
}

function findOlderNode(): readonly Runtime[] {
  for (const folder of (process.env.PATH ?? '').split(path.delimiter)) {
    const program = path.join(folder, 'node');
    const version = spawnSync(program, ['--version'], { encoding: 'utf8' }).stdout ?? '';
    if (/^v(18|2[0-3])\./.test(version)) return [{ name: `Node ${version.slice(1).trim()}`, program, flags: [] }];
  }
  return [];
}
