import { DatabaseSync } from 'node:sqlite';
import { giveToOwnerOfFolder } from './account.ts';

/** A lock that is held until it is released or its process ends, however it ends. */
export interface FolderLock {
  release(): void;
}

const busy = 5; // SQLITE_BUSY

/**
 * Takes the lock that the file stands for, or gives undefined when another holder is in the way: a shared lock bears
 * other shared ones, an exclusive lock none. Throws one sentence when the file cannot be used.
 *
 * Node has no file locks; SQLite, which comes with it, has. The kernel holds them, so a dead holder leaves nothing
 * behind that would have to be told from a live one by its process id. Nothing is ever written into the file.
 */
export function tryLock(file: string, kind: 'shared' | 'exclusive'): FolderLock | undefined {
  const database = open(file);
  try {
    database.exec(kind === 'exclusive' ? 'BEGIN EXCLUSIVE' : 'BEGIN; SELECT count(*) FROM sqlite_master');
    giveToOwnerOfFolder(file);
    return { release: () => database.close() };
  } catch (error) {
    database.close();
    if (error instanceof Error && 'errcode' in error && error.errcode === busy) return undefined;
    throw unusable(file, error);
  }
}

function open(file: string): DatabaseSync {
  try {
    return new DatabaseSync(file, { timeout: 0 });
  } catch (error) {
    throw unusable(file, error);
  }
}

function unusable(file: string, cause: unknown): Error {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new Error(
    `${file} cannot be locked (${reason}): let this account read and write it, or name another folder with MUSTER_DATA`,
    { cause },
  );
}
