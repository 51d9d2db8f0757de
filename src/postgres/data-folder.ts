import { randomBytes } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import path from 'node:path';
import { type Account, closedFolder, giveToOwnerOfFolder, ownName } from './account.ts';

/** Where root keeps what another account must reach and cannot reach below a folder that is root's alone. */
export const sharedFolder = '/var/lib/muster';

/**
 * Makes the data folder if it is not there and gives its real path. A folder that is new or empty gets mode 0700; one
 * that holds something keeps the mode it has. Throws one sentence when it cannot be used.
 */
export function prepareDataFolder(folder: string): string {
  try {
    mkdirSync(path.dirname(path.resolve(folder)), { recursive: true });
    if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 });
    if (readdirSync(folder).length === 0) chmodSync(folder, 0o700);
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    makeLocksFolder(path.join(folder, 'locks'));
    return realpathSync(folder);
  } catch (error) {
    throw unusable(folder, error);
  }
}

function makeLocksFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  giveToOwnerOfFolder(folder);
}

/**
 * The folder of the cluster and all that belongs to it: `postgres` in the data folder. When root's Postgres account
 * cannot enter the data folder, since it lies below `/root` say, `postgres` is a link to a folder of its own below
 * /var/lib/muster. The account may enter it and write only where a folder in it is the account's own.
 */
export function prepareClusterFolder(dataFolder: string, account: Account | undefined): string {
  const folder = path.join(dataFolder, 'postgres');
  if (lstatSync(folder, { throwIfNoEntry: false }) === undefined) makeClusterFolder(folder, account);
  if (statSync(folder, { throwIfNoEntry: false }) === undefined) {
    throw new Error(`${folder} is a link to a folder that is gone: bring that back, or remove the link to start empty`);
  }
  const real = realpathSync(folder);
  const closed = closedFolder(real, account);
  if (closed === undefined) return real;
  throw new Error(
    `the account "${account?.name}", as which root runs PostgreSQL, may not enter ${closed}: ` +
      `open it with chmod o+x, or move the data folder`,
  );
}

function makeClusterFolder(folder: string, account: Account | undefined): void {
  const dataFolder = path.dirname(folder);
  openToGroup(dataFolder, account);
  if (closedFolder(dataFolder, account) === undefined) {
    mkdirSync(folder, { mode: 0o700 });
    giveToOwnerOfFolder(folder);
    openToGroup(folder, account);
    return;
  }
  const elsewhere = path.join(prepareSharedFolder(), randomBytes(8).toString('hex'));
  mkdirSync(elsewhere, { mode: 0o700 });
  openToGroup(elsewhere, account);
  symlinkSync(elsewhere, folder);
}

/** Makes /var/lib/muster, which every account may enter. Throws one sentence when it cannot be made. */
export function prepareSharedFolder(): string {
  try {
    mkdirSync(sharedFolder, { recursive: true });
    chmodSync(sharedFolder, 0o755); // whatever the umask is
    return sharedFolder;
  } catch (error) {
    throw unusable(sharedFolder, error);
  }
}

/** Root's private folder, which others cannot enter, is opened to the account's group, and only to pass through. */
function openToGroup(folder: string, account: Account | undefined): void {
  if (account === undefined) return;
  const { mode, uid } = statSync(folder);
  if (uid !== 0 || (mode & 0o777) !== 0o700) return;
  chownSync(folder, 0, account.gid);
  chmodSync(folder, 0o710);
}

function unusable(folder: string, cause: unknown): Error {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
  const why =
    code === 'ENOTDIR' || code === 'EEXIST' ? 'is not a folder' : `cannot be used by "${ownName()}" (${code})`;
  return new Error(
    `the data folder ${folder} ${why}: let this account read and write it, or name another with MUSTER_DATA`,
    { cause },
  );
}
