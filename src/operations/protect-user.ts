import { userType } from '#attributes/resource-type.ts';
import { type Caller, checkRight } from '#domain/caller.ts';
import { Fault } from '#domain/fault.ts';
import { appendJournal } from '#journal/append-journal.ts';
import type { Db } from '#store/database.ts';
import { lockResource } from '#store/find-resource.ts';
import { saveProtected } from '#store/superusers.ts';

/**
 * Marks an account as one for emergencies, which no API changes or ends, or lifts that. For who runs the server. Gives
 * whether that is new. S-19. Raises `forbidden`, `not_found`.
 */
export async function protectUser(caller: Caller, db: Db, id: string, isProtected: boolean): Promise<boolean> {
  checkRight(caller, 'operator');
  return db.transaction(async (tx) => {
    const locked = await lockResource(tx, caller, userType, id);
    if (locked === undefined) throw new Fault('not_found', 'there is no such User');
    if (locked.isProtected === isProtected) return false;
    saveProtected(tx, caller.tenant, locked.resource.id, isProtected);
    appendJournal(tx, caller, {
      action: 'updated',
      kind: 'User',
      id: locked.resource.id,
      differences: [{ path: 'protected', from: !isProtected, to: isProtected }],
    });
    return true;
  });
}
