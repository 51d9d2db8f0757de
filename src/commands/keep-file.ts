import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import path from 'node:path';
import { giveToOwnerOfFolder } from '#postgres/account.ts';

/**
 * Puts a text into a file of the data folder that its owner alone can read, from the first byte on and whole or not at
 * all. Makes the folder, with mode 0700, where there is none. Throws an Error of one sentence when that cannot be.
 */
export function keepFile(file: string, text: string): void {
  const fresh = `${file}.${process.pid}.new`;
  try {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    rmSync(fresh, { force: true });
    const descriptor = openSync(fresh, 'wx', 0o600);
    try {
      writeSync(descriptor, text);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    giveToOwnerOfFolder(fresh);
    renameSync(fresh, file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new Error(`${file} cannot be written (${code}): let this account write there, or set MUSTER_DATA`, {
      cause: error,
    });
  }
}

/** Throws an Error of one sentence when a file that holds a secret can be read by others than its owner. F-31. */
export function checkPrivate(file: string): void {
  if ((modeOf(file) & 0o077) === 0) return;
  throw new Error(`${file} holds a token and is open to others: run chmod 600 on it, or delete it, and start again`);
}

/** Where the folder cannot be entered, whoever needs it says so. */
function modeOf(file: string): number {
  try {
    return statSync(file).mode;
  } catch {
    return 0;
  }
}
