import { endSessions } from '#access/sessions.ts';
import type { Caller } from '#domain/caller.ts';
import { Fault } from '#domain/fault.ts';
import { appendJournal } from '#journal/append-journal.ts';
import type { Db } from '#store/database.ts';
import { deleteSession, listSessionHashes } from '#store/session-rows.ts';
import { sessionOwner } from './list-sessions.ts';

/**
 * Ends the sessions of a person, or the one with this id of `listSessions`: one's own, or anybody's with the right `admin`.
 * Gives how many ended, those counted too that are too many to show. Raises `forbidden`, `not_found`.
 */
export async function endUserSessions(caller: Caller, db: Db, id: string, session?: string): Promise<number> {
  const { tenant } = caller;
  const person = await sessionOwner(caller, db, id);
  return db.transaction(async (tx) => {
    const all = await listSessionHashes(tx, tenant, person);
    const ending = all.filter((hash) => session === undefined || hash.toString('hex').startsWith(session));
    if (session !== undefined && ending.length !== 1) throw new Fault('not_found', 'there is no such session');
    if (session === undefined) await endSessions(tx, tenant, person);
    for (const hash of session === undefined ? [] : ending) deleteSession(tx, tenant, hash);
    if (ending.length > 0) {
      const differences = [{ path: 'sessions', from: all.length, to: all.length - ending.length }];
      appendJournal(tx, caller, { action: 'updated', kind: 'User', id: person, differences });
    }
    return ending.length;
  });
}
