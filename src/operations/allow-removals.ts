import type { Caller } from '#domain/caller.ts';
import { checkAdministers } from '#domain/check-holds.ts';
import { Fault } from '#domain/fault.ts';
import { domainLimits } from '#domain/limits.ts';
import { appendJournal } from '#journal/append-journal.ts';
import type { Db } from '#store/database.ts';
import { countBase, countRemoved, grantRemovals, lockGuard } from '#store/guard-rows.ts';
import { countHeld } from '#store/held-removals.ts';
import { removalsMax } from './check-removals.ts';
import { lockConnection } from './lock-connection.ts';

/** What a connection was allowed. */
export interface Allowed {
  readonly connection: string;
  readonly name: string;
  /** How many more it may deactivate or delete within the next hour than its limit lets it. */
  readonly more: number;
}

/**
 * Lets a connection deactivate or delete more people within the next hour: as many as are held now, unless the caller
 * says how many. Nobody is removed by this; the connection has to try again. S-20. Raises `forbidden`, `not_found`, and
 * `invalid_value` when nothing is held and the caller does not say how many.
 */
export async function allowRemovals(caller: Caller, db: Db, nameOrId: string, wanted?: number): Promise<Allowed> {
  checkAdministers(caller);
  if (wanted !== undefined && !(Number.isSafeInteger(wanted) && wanted >= 1 && wanted <= moreMax)) {
    throw new Fault('invalid_value', `how many more should be a whole number from 1 to ${moreMax}`, {
      attribute: 'more',
    });
  }
  return db.transaction(async (tx) => {
    const { id, name } = await lockConnection(caller, tx, nameOrId);
    const more = wanted ?? (await countHeld(tx, caller.tenant, id, domainLimits.heldDays));
    if (more === 0) {
      throw new Fault('invalid_value', 'nothing of this connection is held; say how many more it may remove', {
        attribute: 'more',
      });
    }
    await lockGuard(tx, caller.tenant, id);
    const removed = await countRemoved(tx, caller.tenant, id);
    const base = await countBase(tx, caller.tenant, id);
    const spare = Math.max(0, removalsMax(base) - removed) + more;
    grantRemovals(tx, caller.tenant, id, spare, { removed, base });
    const differences = [{ path: 'guard.more', to: more }];
    appendJournal(tx, caller, { action: 'updated', kind: 'Connection', id, differences });
    return { connection: id, name, more };
  });
}

/** What fits into the row of the guard beside the limit itself. */
const moreMax = 1_000_000_000;
