import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { root } from './repository.ts';

interface Manifest {
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
  readonly allowScripts: Readonly<Record<string, boolean>>;
}

interface Locked {
  readonly version: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly optional?: boolean;
  readonly hasInstallScript?: boolean;
}

const read = (name: string) => readFile(path.join(root, name), 'utf8');
const readManifest = async () => JSON.parse(await read('package.json')) as Manifest;

async function readLocked(): Promise<readonly (readonly [string, Locked])[]> {
  const { packages } = JSON.parse(await read('package-lock.json')) as { packages: Record<string, Locked> };
  return Object.entries(packages).filter(([at]) => at !== '');
}

/** The dependencies that are no exact version of a package of the registry. */
function inexact(wanted: Readonly<Record<string, string>>): readonly string[] {
  const exact = /^(?:npm:@[\w-]+\/[\w-]+@)?\d+\.\d+\.\d+(?:-[\w.]+)?$/;
  return Object.keys(wanted).filter((name) => !exact.test(wanted[name] ?? ''));
}

/** The packages of a lock file that come from elsewhere than a registry, or without a checksum. */
function unlocked(packages: readonly (readonly [string, Locked])[]): readonly string[] {
  const isLocked = ({ integrity, optional, resolved }: Locked) =>
    // npm writes no checksum of an optional package for another platform than its own.
    (integrity?.startsWith('sha512-') === true || (integrity === undefined && optional === true)) &&
    (resolved === undefined || /^https:/.test(resolved));
  return packages.filter(([, locked]) => !isLocked(locked)).map(([at]) => at);
}

test('T-36: every dependency is one exact version of a registry', async () => {
  const { dependencies, devDependencies, optionalDependencies } = await readManifest();
  expect(inexact({ ...dependencies, ...devDependencies, ...optionalDependencies })).toEqual([]);
  const bad = { a: '^1.0.0', b: '*', c: 'latest', d: 'git+ssh://x/y', e: 'file:../x', f: '1.x', g: 'npm:left-pad@1' };
  expect(inexact({ ...bad, h: '1.0.0' })).toEqual(Object.keys(bad));
});

test('T-36: the lock file has a checksum of every package but optional ones for other platforms', async () => {
  const packages = await readLocked();
  expect(packages.length).toBeGreaterThan(100);
  expect(unlocked(packages)).toEqual([]);
  const bad: [string, Locked][] = [
    ['no checksum', { version: '1.0.0' }],
    ['a weak one', { version: '1.0.0', integrity: 'sha1-x' }],
    ['from git', { version: '1.0.0', integrity: 'sha512-x', resolved: 'git+ssh://git@example.org/x.git' }],
  ];
  expect(unlocked(bad)).toEqual(bad.map(([at]) => at));
});

test('T-36: no package is allowed to run a script when it is installed, and each that has one is known', async () => {
  const { allowScripts, scripts } = await readManifest();
  const withScript = (await readLocked()).filter(([, { hasInstallScript }]) => hasInstallScript === true);
  const names = withScript.map(([at]) => at.slice(at.lastIndexOf('node_modules/') + 'node_modules/'.length));
  expect(Object.values(allowScripts)).not.toContain(true);
  expect(Object.keys(allowScripts).sort()).toEqual([...new Set(names)].sort());
  expect(Object.keys(scripts).filter((name) => /^(?:pre|post)?install$|^prepare$/.test(name))).toEqual([]);
});

test('T-36: the checks install what the lock file says and nothing else', async () => {
  const commands = (await read('.ci/run'))
    .split('\n')
    .filter((line) => /\bnpm (?:ci|i|install|add|update)\b|\bnpx\b/.test(line));
  expect(commands).toHaveLength(1);
  expect(commands[0]).toMatch(/^npm ci\b/);
});
