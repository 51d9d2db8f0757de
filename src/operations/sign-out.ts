import { endSession } from '#access/sessions.ts';
import type { Caller } from '#domain/caller.ts';
import type { Db } from '#store/database.ts';

/** Ends the session with which the caller came; `token` is its token. */
export async function signOut(caller: Caller, db: Db, token: string): Promise<void> {
  await db.transaction((tx) => endSession(tx, caller.tenant, token));
}
