import type { Connection } from './connections.ts';
import type { Tx } from './database.ts';

/** How far back the guard counts, and how long an allowance holds. */
const guardWindowSeconds = 3_600;

const spendStatement = {
  name: 'spend-removal',
  text: `with spent as (
      update removal_guard set spare = spare - 1
      where tenant = $1 and connection = $2 and spare > 0 and spare_until > now() returning spare
    ), settled as (
      delete from held_removal where tenant = $1 and connection = $2 and person = $3 and not passed
    )
    select from spent`,
};

/**
 * Whether a connection may remove somebody without anything being counted. Its guard is then held until the transaction
 * ends, and the person is no longer among those held.
 */
export async function spendRemoval(tx: Tx, tenant: number, connection: string, person: string): Promise<boolean> {
  return (await tx.run(spendStatement, [tenant, connection, person])).length === 1;
}

/** What is known of a connection before anything is counted. */
export interface GuardRow {
  /** What stood there, to see later whether it still does. */
  readonly seen: GuardState;
  /** Whether somebody else who was waited for has counted meanwhile, and there are removals to spend. */
  readonly hasSpare: boolean;
  /** Whether the limit was reached lately: nothing that counts has left the window since. */
  readonly isFull: boolean;
  readonly counted: Counted;
  readonly mode: Connection['guard'];
  /** What to call the connection; absent where it has no row. */
  readonly name?: string;
  readonly tenantName: string;
}

/** What a guard lets pass, as it was read. */
export interface GuardState {
  readonly spare: number;
  readonly spareUntil: string;
  readonly fullUntil: string;
}

/** People removed within the window, and the active people of whom that is a part. */
export interface Counted {
  readonly removed: number;
  readonly base: number;
}

const makeStatement = {
  name: 'make-removal-guard',
  text: 'insert into removal_guard (tenant, connection) values ($1, $2) on conflict do nothing',
};

const lockStatement = {
  name: 'lock-removal-guard',
  text: `select g.spare > 0 and g.spare_until > now() as has_spare, g.full_until > now() as is_full, g.removed, g.base,
      g.spare, g.spare_until::text as spare_until, g.full_until::text as full_until,
      coalesce(c.guard, 'hold') as mode, c.name, t.name as tenant_name
    from removal_guard g join tenant t on t.tenant = g.tenant
      left join connection c on c.tenant = g.tenant and c.id = g.connection
    where g.tenant = $1 and g.connection = $2 for update of g`,
};

/** Holds the guard of a connection until the transaction ends. */
export async function lockGuard(tx: Tx, tenant: number, connection: string): Promise<GuardRow> {
  tx.send(makeStatement, [tenant, connection]);
  const [row = {}] = await tx.run(lockStatement, [tenant, connection]);
  return {
    seen: { spare: row.spare as number, spareUntil: row.spare_until as string, fullUntil: row.full_until as string },
    hasSpare: row.has_spare === true,
    isFull: row.is_full === true,
    counted: { removed: row.removed as number, base: row.base as number },
    mode: row.mode as GuardRow['mode'],
    ...(row.name !== null && { name: row.name as string }),
    tenantName: row.tenant_name as string,
  };
}

/** The people in the window, each once. */
const removedText = `select distinct j.resource from journal j
  where j.tenant = $1 and j.connection = $2 and j.removes and j.at > now() - make_interval(secs => ${guardWindowSeconds})`;

const removedStatement = {
  name: 'count-removals',
  text: `select count(*) as removed from (${removedText}) r`,
};

/** How many people a connection has removed within the window; whoever was removed twice counts once. */
export async function countRemoved(tx: Tx, tenant: number, connection: string): Promise<number> {
  const [row] = await tx.run(removedStatement, [tenant, connection]);
  return row?.removed as number;
}

const baseStatement = {
  name: 'count-guard-base',
  text: `select (select count(*) from app_user a where a.tenant = $1 and a.last_writer = $2 and a.active)
    + (select count(*) from (${removedText}) r
        where not exists (select from app_user u where u.tenant = $1 and u.id = r.resource and u.active)) as base`,
};

/** How many active people a connection had: those whom it wrote last, and those whom it removed within the window. */
export async function countBase(tx: Tx, tenant: number, connection: string): Promise<number> {
  const [row] = await tx.run(baseStatement, [tenant, connection]);
  return row?.base as number;
}

const againStatement = {
  name: 'removed-before',
  text: `select exists (select from journal j where j.tenant = $1 and j.connection = $2 and j.resource = $3 and j.removes
    and j.at > now() - make_interval(secs => ${guardWindowSeconds}) and j.xact <> pg_current_xact_id()) as again`,
};

/** Whether a connection has removed this person before within the window, in another transaction. */
export async function wasRemovedBefore(tx: Tx, tenant: number, connection: string, person: string): Promise<boolean> {
  const [row] = await tx.run(againStatement, [tenant, connection, person]);
  return row?.again === true;
}

const grantStatement = {
  name: 'grant-removals',
  text: `update removal_guard set spare = $3, spare_until = now() + make_interval(secs => ${guardWindowSeconds}),
      full_until = '-infinity', removed = $4, base = $5
    where tenant = $1 and connection = $2`,
};

/** Lets a connection whose guard is held remove so many without counting, for as long as the window. */
export function grantRemovals(tx: Tx, tenant: number, connection: string, spare: number, counted: Counted): void {
  tx.send(grantStatement, [tenant, connection, spare, counted.removed, counted.base]);
}

const fillStatement = {
  name: 'fill-removal-guard',
  text: `insert into removal_guard (tenant, connection, removed, base, full_until)
    select $1, $2, $3, $4, coalesce(min(j.at) + make_interval(secs => ${guardWindowSeconds}), '-infinity')
    from journal j where j.tenant = $1 and j.connection = $2 and j.removes
      and j.at > now() - make_interval(secs => ${guardWindowSeconds})
    on conflict (tenant, connection) do update
      set removed = excluded.removed, base = excluded.base, full_until = excluded.full_until
      where removal_guard.tenant = $1 and removal_guard.spare = $5 and removal_guard.spare_until = $6::timestamptz
        and removal_guard.full_until = $7::timestamptz`,
};

/**
 * Remembers that a connection has reached its limit: until somebody leaves the window there is nothing to count. Does nothing
 * where the guard is no longer as it was seen: somebody has allowed more meanwhile.
 */
export function fillGuard(
  tx: Tx,
  tenant: number,
  connection: string,
  { removed, base }: Counted,
  { spare, spareUntil, fullUntil }: GuardState,
): void {
  tx.send(fillStatement, [tenant, connection, removed, base, spare, spareUntil, fullUntil]);
}
