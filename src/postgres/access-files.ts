import { chmodSync, chownSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Account, peerNames } from './account.ts';
import { serverRole, superuser } from './initialise.ts';

const roles = [superuser, serverRole];

/** The files that tell Postgres whom to let in. */
export interface AccessFiles {
  readonly hba: string;
  readonly ident: string;
}

/**
 * Writes who may use the database: root and the account that runs Muster, known to the kernel at the other end of the
 * socket. So there is no password to keep, and a socket folder opened by mistake lets nobody in.
 */
export function writeAccessFiles(clusterFolder: string, account: Account | undefined): AccessFiles {
  const files = { hba: path.join(clusterFolder, 'pg_hba.conf'), ident: path.join(clusterFolder, 'pg_ident.conf') };
  const names = peerNames(account).map((name) => `"${name.replaceAll('"', '""')}"`);
  const lines = names.flatMap((name) => roles.map((role) => `muster ${name} ${role}`));
  write(files.hba, 'local all all peer map=muster\n', account);
  write(files.ident, `${lines.join('\n')}\n`, account);
  return files;
}

function write(file: string, text: string, account: Account | undefined): void {
  const fresh = `${file}.new`;
  writeFileSync(fresh, text, { mode: 0o640 });
  chmodSync(fresh, 0o640); // whatever the umask is
  if (account !== undefined) chownSync(fresh, 0, account.gid);
  renameSync(fresh, file);
}
