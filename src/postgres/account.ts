import { chownSync, readFileSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import path from 'node:path';

/** An account of this machine that a process can be started as. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/**
 * The account that Postgres runs as, or undefined for our own. Postgres refuses to run as root, so root runs it as the
 * first account other than root that owns one of the folders, else as `postgres`, else as `nobody`. Throws when the
 * machine has none of them.
 */
export function chooseAccount(folders: readonly string[]): Account | undefined {
  if (process.geteuid?.() !== 0) return undefined;
  const accounts = readAccounts();
  const found = ownerOf(folders, accounts) ?? named('postgres', accounts) ?? named('nobody', accounts);
  if (found !== undefined) return found;
  throw new Error(
    'PostgreSQL does not run as root and this machine has neither an account "postgres" nor "nobody": ' +
      'make one of them, start Muster as an ordinary user, or set DATABASE_URL',
  );
}

function ownerOf(folders: readonly string[], accounts: readonly Account[]): Account | undefined {
  const found = folders.map((folder) => statSync(folder, { throwIfNoEntry: false }));
  const owner = found.find((folder) => folder !== undefined && folder.uid !== 0);
  if (owner === undefined) return undefined;
  const known = accounts.find((account) => account.uid === owner.uid);
  return known ?? { name: String(owner.uid), uid: owner.uid, gid: owner.gid };
}

function named(name: string, accounts: readonly Account[]): Account | undefined {
  return accounts.find((account) => account.name === name);
}

/** Gives what root has made in somebody's folder to that somebody, who must be able to use it without root. */
export function giveToOwnerOfFolder(file: string): void {
  if (process.geteuid?.() !== 0) return;
  const { uid, gid } = statSync(path.dirname(file));
  chownSync(file, uid, gid);
}

/** What `spawn` needs to start a process as the account: nothing for our own. */
export function runAs(account: Account | undefined): { readonly uid?: number; readonly gid?: number } {
  return account === undefined ? {} : { uid: account.uid, gid: account.gid };
}

/**
 * The names that the operating system has for those who may use the database: root, ourselves and the account.
 */
export function peerNames(account: Account | undefined): readonly string[] {
  const root = readAccounts().find(({ uid }) => uid === 0)?.name ?? 'root';
  return [...new Set([root, ownName(), ...(account === undefined ? [] : [account.name])])];
}

/** Our own name, or our number when the machine has no name for it, as in some containers. */
export function ownName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.geteuid?.());
  }
}

/** The first of the folder's ancestors, or the folder itself, that the account may not enter; undefined when all is open. */
export function closedFolder(folder: string, account: Account | undefined): string | undefined {
  if (account === undefined) return undefined;
  const upwards: string[] = [];
  for (let at = folder; at !== path.dirname(at); at = path.dirname(at)) upwards.unshift(at);
  return upwards.find((at) => !mayEnter(at, account));
}

function mayEnter(folder: string, account: Account): boolean {
  const { mode, uid, gid } = statSync(folder);
  if (uid === account.uid) return (mode & 0o100) !== 0;
  return (mode & (gid === account.gid ? 0o010 : 0o001)) !== 0;
}

function readAccounts(): readonly Account[] {
  try {
    return readFileSync('/etc/passwd', 'utf8').split('\n').flatMap(readAccount);
  } catch {
    return [];
  }
}

function readAccount(line: string): readonly Account[] {
  const [name, , uid, gid] = line.split(':');
  return name !== undefined && uid !== undefined && gid !== undefined
    ? [{ name, uid: Number(uid), gid: Number(gid) }]
    : [];
}
