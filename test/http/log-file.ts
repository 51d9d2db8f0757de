import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Log, openLog } from '#http/request-log.ts';

export interface LogFile extends Log {
  readonly lines: () => Promise<readonly Readonly<Record<string, unknown>>[]>;
  readonly text: () => Promise<string>;
}

/** Opens a log that writes into a file of the test's own. */
export function openLogFile(level: 'info' | 'error' = 'info'): LogFile {
  const folder = mkdtempSync(join(tmpdir(), 'log-'));
  const file = join(folder, 'log');
  const descriptor = openSync(file, 'a');
  const log = openLog({ level, to: descriptor });
  onTestFinished(async () => {
    await log.close();
    closeSync(descriptor);
    rmSync(folder, { recursive: true });
  });
  const text = async () => {
    await log.flush();
    return readFileSync(file, 'utf8');
  };
  const lines = async () => {
    const all = (await text()).split('\n').filter(Boolean);
    return all.map((line) => JSON.parse(line) as Record<string, unknown>);
  };
  return { ...log, text, lines };
}
