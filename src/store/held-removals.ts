import type { Db, Tx } from './database.ts';

/** Somebody whom the guard kept from being removed, or whom it let pass although he was one too many. */
export interface HeldRemoval {
  readonly connection: string;
  readonly person: string;
  /** What to call the person; absent when he is gone. */
  readonly label?: string;
  readonly passed: boolean;
  readonly at: string;
}

const recordStatement = {
  name: 'record-held-removal',
  text: `insert into held_removal as h (tenant, connection, person, passed, request_id) values ($1, $2, $3, $4, $5)
    on conflict (tenant, connection, person) do update
      set passed = excluded.passed, request_id = excluded.request_id, at = now(),
        tries = case when h.told then 1 else h.tries + 1 end, told = false`,
};

/**
 * Puts on record whom a connection could not remove, or could only because its guard is set to tell. It is told again, also when it
 * was told before.
 */
export function recordHeld(
  tx: Tx,
  held: { tenant: number; connection: string; person: string; passed: boolean; requestId: string },
): void {
  tx.send(recordStatement, [held.tenant, held.connection, held.person, held.passed, held.requestId]);
}

/** Who is held now, or passed: not who is no longer active, or was not tried again for many days ($2). */
const nowText = `from held_removal h left join app_user u on u.tenant = h.tenant and u.id = h.person
  where h.tenant = $1 and h.at > now() - make_interval(days => $2) and (h.passed or u.active)`;

const listStatement = {
  name: 'list-held-removals',
  text: `select h.connection, h.person, u.label, h.passed, h.at ${nowText} order by h.connection, h.at, h.person`,
};

/** Everybody whom the connections of a tenant could not remove within so many days, or who passed. */
export async function listHeld(db: Db, tenant: number, days: number): Promise<readonly HeldRemoval[]> {
  const rows = await db.list({ ...listStatement, values: [tenant, days] });
  return rows.map((row) => ({
    connection: row.connection as string,
    person: row.person as string,
    ...(row.label !== null && { label: row.label as string }),
    passed: row.passed as boolean,
    at: row.at as string,
  }));
}

const countStatement = {
  name: 'count-held-removals',
  text: `select count(*) as held ${nowText} and not h.passed and h.connection = $3`,
};

/** How many people a connection could not remove within so many days and who are still active. */
export async function countHeld(tx: Tx, tenant: number, connection: string, days: number): Promise<number> {
  const [row] = await tx.run(countStatement, [tenant, days, connection]);
  return row?.held as number;
}

/** What the guard did with one connection since it was told last. */
export interface Untold {
  readonly tenant: string;
  readonly connection: string;
  readonly held: number;
  readonly passed: number;
  /** How often it tried to remove them. */
  readonly tries: number;
}

const tellStatement = {
  name: 'tell-held-removals',
  text: `with told as (
      update held_removal h set told = true from tenant x
      where h.tenant = x.tenant and not h.told returning h.tenant, h.connection, h.passed, h.tries
    ), old as (
      delete from held_removal o using tenant x
      where o.tenant = x.tenant and o.told and o.at < now() - make_interval(days => $1)
    )
    select t.name as tenant, coalesce(c.name, d.connection::text) as connection,
      count(*) filter (where not d.passed) as held, count(*) filter (where d.passed) as passed,
      sum(d.tries)::integer as tries
    from told d join tenant t on t.tenant = d.tenant left join connection c on c.tenant = d.tenant and c.id = d.connection
    group by 1, 2 order by 1, 2`,
};

/** Takes what the guard did since the last call, in all tenants; of several servers one gets it. Old records go. */
export async function takeUntold(db: Db, days: number): Promise<readonly Untold[]> {
  const rows = await db.transaction((tx) => tx.run(tellStatement, [days]));
  return rows.map(({ tenant, connection, held, passed, tries }) => ({
    tenant: tenant as string,
    connection: connection as string,
    held: held as number,
    passed: passed as number,
    tries: tries as number,
  }));
}
