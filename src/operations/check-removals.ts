import { type Caller, noConnection } from '#domain/caller.ts';
import { lastSuperuserFault } from '#domain/check-protected.ts';
import { Fault } from '#domain/fault.ts';
import { domainLimits } from '#domain/limits.ts';
import type { Db, Tx } from '#store/database.ts';
import {
  type Counted,
  countBase,
  countRemoved,
  fillGuard,
  type GuardRow,
  type GuardState,
  grantRemovals,
  lockGuard,
  spendRemoval,
  wasRemovedBefore,
} from '#store/guard-rows.ts';
import { recordHeld } from '#store/held-removals.ts';
import { holdOtherSuperusers } from '#store/superusers.ts';
import { defaultTenant } from './create-tenant.ts';

/** Seconds after which somebody may have decided about what was held. */
const heldRetryAfterSeconds = 600;

/** What a transaction gives, and what it has done to people that has to be looked at before it commits. */
export interface Done<T> {
  readonly result: T;
  /** The person who was active before and no longer is. */
  readonly removed?: string;
  /** The superuser who was active before and is no longer one, or no longer known by the name. */
  readonly endedSuperuser?: string;
}

/** A removal that was one too many, and what was counted when it was. */
interface Over {
  readonly person: string;
  readonly counted: Counted;
  readonly seen: GuardState;
}

/**
 * Runs the work of a transaction and, last of all, asks whether who was removed may go: the guard is then held for one
 * round trip only. What is held leaves nothing but its record. Raises `held` when the caller's connection has removed
 * too many within the hour (S-20), and `forbidden` for the last active superuser of the tenant.
 */
export async function guardRemovals<T>(caller: Caller, db: Db, work: (tx: Tx) => Promise<Done<T>>): Promise<T> {
  const held: { over?: Over | undefined } = {};
  try {
    return await db.transaction(async (tx) => {
      held.over = undefined;
      const { result, removed, endedSuperuser } = await work(tx);
      if (endedSuperuser !== undefined && !(await holdOtherSuperusers(tx, caller.tenant, endedSuperuser))) {
        throw lastSuperuserFault();
      }
      if (removed === undefined || caller.connection === noConnection) return result;
      if (await spendRemoval(tx, caller.tenant, caller.connection, removed)) return result;
      const row = await lockGuard(tx, caller.tenant, caller.connection);
      const counted = await countIfOver(tx, caller, row, removed);
      if (counted === undefined) return result;
      if (row.mode === 'alert') {
        recordOver(caller, tx, { person: removed, counted, seen: row.seen }, true);
        return result;
      }
      held.over = { person: removed, counted, seen: row.seen };
      throw heldFault(caller, row, counted);
    });
  } catch (error) {
    const { over } = held;
    if (over !== undefined) await db.transaction(async (tx) => recordOver(caller, tx, over, false));
    throw error;
  }
}

/** What was counted without the person being removed, where he is one too many. Whoever was removed before does not count again. */
async function countIfOver(tx: Tx, caller: Caller, row: GuardRow, person: string): Promise<Counted | undefined> {
  const { tenant, connection } = caller;
  if (row.hasSpare && (await spendRemoval(tx, tenant, connection, person))) return undefined;
  if (row.mode === 'off' || (await wasRemovedBefore(tx, tenant, connection, person))) return undefined;
  if (row.isFull) return row.counted;
  const removed = await countRemoved(tx, tenant, connection);
  // Up to the first limit it does not matter how many active people there are.
  const base = removed > domainLimits.removals ? await countBase(tx, tenant, connection) : 0;
  const counted = { removed, base };
  const spare = removalsMax(base) - removed;
  if (spare < 0) return { ...counted, removed: counted.removed - 1 };
  grantRemovals(tx, tenant, connection, spare, counted);
  return undefined;
}

/** How many of so many active people a connection may remove within an hour. */
export function removalsMax(base: number): number {
  return Math.max(domainLimits.removals, Math.floor((base * domainLimits.removalShare) / 100));
}

/** Puts on record who was one too many, and that there is nothing to count for a while. */
function recordOver(caller: Caller, tx: Tx, { person, counted, seen }: Over, passed: boolean): void {
  const { tenant, connection, requestId } = caller;
  recordHeld(tx, { tenant, connection, person, passed, requestId });
  fillGuard(tx, tenant, connection, counted, seen);
}

function heldFault({ connection }: Caller, { name, tenantName }: GuardRow, { removed, base }: Counted): Fault {
  const called = name !== undefined && /^[\w.@-]+$/.test(name) ? name : connection;
  const inTenant = tenantName === defaultTenant ? '' : ` --tenant ${tenantName}`;
  return new Fault(
    'held',
    `held: this connection has deactivated or deleted ${removed} people within an hour, and its limit is ` +
      `${removalsMax(base)} (${domainLimits.removalShare} % of its ${base} active people, but at least ` +
      `${domainLimits.removals}); to let what is held pass, run: npx --no-install muster guard allow ${called}${inTenant}`,
    { retryAfterSeconds: heldRetryAfterSeconds },
  );
}
