import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { root } from './repository.ts';

interface LockedPackage {
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

type Locked = Readonly<Record<string, LockedPackage>>;

async function readLocked(): Promise<Locked> {
  const lock = JSON.parse(await readFile(path.join(root, 'package-lock.json'), 'utf8')) as { packages: Locked };
  return lock.packages;
}

/** Where npm looks for a package that the package at `from` needs: beside it and in every folder above. */
function placesOf(name: string, from: string): readonly string[] {
  const above = from === '' ? [] : placesOf(name, from.slice(0, Math.max(0, from.lastIndexOf('/node_modules/'))));
  return [from === '' ? `node_modules/${name}` : `${from}/node_modules/${name}`, ...above];
}

/** npm 11 and 12 refuse to install a lock file that leaves one out, be it for another platform. */
function missingOptional(locked: Locked): readonly string[] {
  return Object.entries(locked).flatMap(([from, { optionalDependencies }]) =>
    Object.keys(optionalDependencies ?? {}).filter((name) => !placesOf(name, from).some((place) => place in locked)),
  );
}

test('the lock file has every optional dependency, those for other platforms too', async () => {
  const locked = await readLocked();
  expect(Object.keys(locked).length).toBeGreaterThan(100);
  expect(missingOptional(locked)).toEqual([]);
});

test('an optional dependency that is left out is found', async () => {
  const { 'node_modules/@biomejs/cli-linux-arm64': _, ...rest } = await readLocked();
  expect(missingOptional(rest)).toEqual(['@biomejs/cli-linux-arm64']);
});
