import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, inject, test } from 'vitest';
import { reapDeadRuns } from './run-folder.ts';

test('the folder of a run whose process is gone is removed, and that of this run stays', async () => {
  const pid = spawnSync(process.execPath, ['--version']).pid;
  const dead = path.join(tmpdir(), `muster-test-${pid}-1`);
  await mkdir(path.join(dead, '18'), { recursive: true });
  await reapDeadRuns();
  expect(existsSync(dead)).toBe(false);
  expect(existsSync(inject('folder'))).toBe(true);
});

test('a process that got the number of a dead one does not keep its folder', async () => {
  const dead = path.join(tmpdir(), `muster-test-${process.pid}-1`);
  await mkdir(dead);
  await reapDeadRuns();
  expect(existsSync(dead)).toBe(false);
});
