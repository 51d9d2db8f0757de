import { type Caller, distinctRights } from '#domain/caller.ts';
import { checkAdministers, checkHolds } from '#domain/check-holds.ts';
import { appendJournal } from '#journal/append-journal.ts';
import { type Connection, type ConnectionFacts, saveConnection } from '#store/connections.ts';
import type { Db } from '#store/database.ts';
import { checkConnection, checkMayGiveRate } from './check-connection.ts';
import { connectionDifferences } from './connection-differences.ts';
import { lockConnection } from './lock-connection.ts';
import type { Spoken } from './spoken.ts';

/** What should change about a connection; absent stays. `null` takes a bound away. */
export interface ConnectionUpdate extends Partial<Pick<ConnectionFacts, 'name' | 'profile' | 'rights' | 'guard'>> {
  readonly franchisee?: string | null;
  readonly ratePerSecond?: number | null;
}

/**
 * Changes a connection, at its next request. Afterwards it may do no more than the caller, whatever changed. Gives it as
 * it is then. Raises `forbidden`, `already_exists`, `invalid_value`, `not_found`.
 */
export async function updateConnection(
  caller: Caller,
  db: Db,
  nameOrId: string,
  update: ConnectionUpdate,
  spoken: readonly Spoken[],
): Promise<Connection> {
  checkAdministers(caller);
  return db.transaction(async (tx) => {
    const before = await lockConnection(caller, tx, nameOrId);
    const after = changed(before, update);
    checkHolds(caller, after.rights);
    const { dialect, ratePerSecond } = after;
    if (ratePerSecond !== before.ratePerSecond) checkMayGiveRate(caller, dialect, ratePerSecond);
    const own = spoken.find(({ name }) => name === before.dialect);
    if (own !== undefined) await checkConnection(caller, db, after, own);
    const differences = connectionDifferences(before, after);
    if (differences.length === 0) return before;
    saveConnection(tx, caller.tenant, after);
    appendJournal(tx, caller, { action: 'updated', kind: 'Connection', id: before.id, differences });
    return after;
  });
}

function changed(before: Connection, { franchisee, ratePerSecond, ...update }: ConnectionUpdate): Connection {
  const { franchisee: bound, ratePerSecond: rate, ...rest } = before;
  const boundAfter = franchisee === undefined ? bound : (franchisee ?? undefined);
  const rateAfter = ratePerSecond === undefined ? rate : (ratePerSecond ?? undefined);
  return {
    ...{ ...rest, ...update, rights: distinctRights(update.rights ?? before.rights) },
    ...(boundAfter !== undefined && { franchisee: boundAfter }),
    ...(rateAfter !== undefined && { ratePerSecond: rateAfter }),
  };
}
