import type { Caller } from '#domain/caller.ts';
import { domainLimits } from '#domain/limits.ts';
import type { Db } from '#store/database.ts';
import { type HeldRemoval, listHeld as listRows } from '#store/held-removals.ts';
import { listConnections } from './list-connections.ts';

/** Somebody who was held, with the name of the connection that tried to remove him and what its guard does now. */
export interface Held extends HeldRemoval {
  readonly name: string;
  readonly guard: string;
}

/**
 * Whom the connections of the caller's tenant tried to deactivate or delete beyond their limits, and who is still active
 * or was let through. Raises `forbidden`.
 */
export async function listHeld(caller: Caller, db: Db): Promise<readonly Held[]> {
  const connections = new Map((await listConnections(caller, db)).map((each) => [each.id, each]));
  const rows = await listRows(db, caller.tenant, domainLimits.heldDays);
  return rows.flatMap((row) => {
    const connection = connections.get(row.connection);
    return connection === undefined ? [] : [{ ...row, name: connection.name, guard: connection.guard }];
  });
}
