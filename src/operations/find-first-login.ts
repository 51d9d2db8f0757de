import type { Caller } from '#domain/caller.ts';
import type { Db } from '#store/database.ts';
import { findFirstLogin as find } from '#store/first-login.ts';

/** When who is signed in did so for the first time, as far as it is known; undefined for who never did or is a connection. */
export async function findFirstLogin({ tenant, person }: Caller, db: Db): Promise<string | undefined> {
  return person === undefined ? undefined : find(db, tenant, person);
}
