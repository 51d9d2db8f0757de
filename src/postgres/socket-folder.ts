import { createHash } from 'node:crypto';
import { lchownSync, lstatSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Account, closedFolder } from './account.ts';

/** The port of every cluster of ours: nothing listens on it, it only names the socket. */
export const port = 5432;

const pathBytesMax = process.platform === 'linux' ? 107 : 103;

/** The file through which a cluster with its socket in the folder is reached. */
export function socketFile(folder: string): string {
  return path.join(folder, `.s.PGSQL.${port}`);
}

/**
 * The folder for the socket of the cluster: `socket` beside its data, or, when that path is too long for a socket, one in
 * the folder for temporary files that is named after the cluster's folder. Makes nothing.
 */
export function chooseSocketFolder(clusterFolder: string, account: Account | undefined): string {
  const name = `muster-${createHash('sha256').update(clusterFolder).digest('hex').slice(0, 16)}`;
  const candidates = [path.join(clusterFolder, 'socket'), path.join(tmpdir(), name), path.join('/tmp', name)];
  const chosen = candidates.find((folder) => fits(folder) && closedFolder(path.dirname(folder), account) === undefined);
  if (chosen !== undefined) return chosen;
  throw new Error(`no folder is short enough for the socket of ${clusterFolder}: name another with MUSTER_DATA`);
}

/**
 * Makes the folder for the account alone, or checks that it is. Throws when it is somebody else's, who may have put it
 * there to be taken for the database, or open to others.
 */
export function prepareSocketFolder(folder: string, account: Account | undefined): void {
  if (lstatSync(folder, { throwIfNoEntry: false }) === undefined) {
    mkdirSync(folder, { mode: 0o700 });
    if (account !== undefined) lchownSync(folder, account.uid, account.gid);
  }
  const found = lstatSync(folder);
  if (!found.isDirectory() || found.uid !== (account?.uid ?? process.geteuid?.()) || (found.mode & 0o077) !== 0) {
    throw new Error(`${folder}, where PostgreSQL's socket would go, belongs to others: remove it and start again`);
  }
}

function fits(folder: string): boolean {
  return Buffer.byteLength(socketFile(folder)) <= pathBytesMax;
}
