import type { Db } from './database.ts';

/** A bucket of requests: whose, how many a second, and how many a node has let through since it last said so. */
export interface SpentRequests {
  readonly tenant: number;
  /** The id of a connection, or the name of a dialect for all of its connections together. */
  readonly subject: string;
  readonly ratePerSecond: number;
  readonly spent: number;
}

/** What is left in a bucket when all nodes are counted; below zero when they have let through too many. */
export interface RequestLevel {
  readonly tenant: number;
  readonly subject: string;
  readonly level: number;
}

// A bucket holds the requests of one second. The rows come in one order, so that nodes never wait for one another in a
// circle; a node that waited brings an older time than it finds.
const exchangeStatement = {
  name: 'exchange-request-levels',
  text: `insert into request_level (tenant, subject, rate, level, changed_at)
    select spent.tenant, spent.subject, spent.rate, spent.rate - spent.spent, now()
      from unnest($1::integer[], $2::text[], $3::float8[], $4::float8[]) as spent (tenant, subject, rate, spent)
      order by 1, 2
    on conflict (tenant, subject) do update set
      rate = excluded.rate,
      level = excluded.level - excluded.rate + least(excluded.rate, request_level.level + excluded.rate
        * greatest(0, extract(epoch from excluded.changed_at - request_level.changed_at)::float8)),
      changed_at = greatest(excluded.changed_at, request_level.changed_at)
    returning tenant, subject, level`,
};

/** Says what this node has let through, and learns what is left of each of these buckets. Raises `unavailable`. */
export async function exchangeRequestLevels(db: Db, spent: readonly SpentRequests[]): Promise<readonly RequestLevel[]> {
  const values = [
    spent.map(({ tenant }) => tenant),
    spent.map(({ subject }) => subject),
    spent.map(({ ratePerSecond }) => ratePerSecond),
    spent.map((bucket) => bucket.spent),
  ];
  const rows = await db.transaction((tx) => tx.run(exchangeStatement, values));
  return rows as unknown as readonly RequestLevel[];
}

const clearStatement = {
  name: 'clear-request-levels',
  text: `delete from request_level where changed_at < now() - make_interval(secs => greatest(0, 1 - level / rate) + 60)
    and tenant = any(select tenant from tenant)`,
};

/** Removes buckets that are full again for a minute: they say no more than one that is not there. */
export async function clearRequestLevels(db: Db): Promise<void> {
  await db.transaction(async (tx) => tx.send(clearStatement));
}
