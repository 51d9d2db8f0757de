import type { MountWish } from '#dialects/mount.ts';
import type { Db } from '#store/database.ts';
import { findTenant } from '#store/tenants.ts';
import { command, quoted } from './greeting.ts';

/** What to say in the log of a server for each tenant that `MOUNTS` names and that there is not: nobody can sign in there. */
export async function mountWarnings(db: Db, mounts: readonly MountWish[] = []): Promise<readonly string[]> {
  const names = new Set(mounts.flatMap(({ tenant }) => tenant ?? []));
  const warnings: string[] = [];
  for (const name of names) {
    if ((await findTenant(db, name)) === undefined) warnings.push(sentenceFor(name));
  }
  return warnings;
}

function sentenceFor(name: string): string {
  const make = `${command} tenant create ${quoted(name)}`;
  return `MOUNTS names the tenant ${name}, which there is not, so nobody can sign in there; make it: ${make}`;
}
