import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import type { Db, Query } from './database.ts';

/** How many tries a key has in a window of time that begins with its first. */
export interface LimiterOptions {
  /** What sets the keys of one limiter apart from those of another. */
  readonly name: string;
  readonly tries: number;
  readonly windowSeconds: number;
  /** How long a key waits that had one try too many, before it has all of them again; absent: until its window is over. */
  readonly blockSeconds?: number;
}

/** Counts tries by key; all nodes of one database count together, exactly. */
export interface Limiter {
  /** Takes one try. Gives undefined when there was one, else the whole seconds until there is one again. */
  readonly take: (key: string) => Promise<number | undefined>;
  /** What `take` would give, without taking. */
  readonly peek: (key: string) => Promise<number | undefined>;
  /** Gives one try back. */
  readonly giveBack: (key: string) => Promise<void>;
  /** Gives all tries back. */
  readonly clear: (key: string) => Promise<void>;
  /** Gives all tries back of every key that is one of these, a colon and something more. */
  readonly clearAll: (keys: readonly string[]) => Promise<void>;
}

/**
 * A limiter whose counts are rows of the table `limiter`. A key is at most some 200 characters, without NUL: hash what
 * comes from a client. Every call raises `unavailable` when the database is away, so nobody gets past it then.
 */
export function openLimiter(db: Db, { name, tries, windowSeconds, blockSeconds = 0 }: LimiterOptions): Limiter {
  const rows = new RateLimiterPostgres({
    storeClient: { query: (query: Query) => runAlone(db, query) },
    storeType: 'client',
    tableName: 'limiter',
    // The migration makes the table, and a worker removes what expired.
    tableCreated: true,
    clearExpiredByTimeout: false,
    keyPrefix: name,
    points: tries,
    duration: windowSeconds,
    blockDuration: blockSeconds,
  });
  return {
    take: (key) => rows.consume(key).then(() => undefined, secondsUntilNext),
    peek: async (key) => {
      const taken = await rows.get(key);
      return taken !== null && taken.remainingPoints <= 0 ? secondsUntilNext(taken) : undefined;
    },
    giveBack: async (key) => void (await rows.reward(key)),
    clear: async (key) => void (await rows.delete(key)),
    clearAll: (keys) => db.transaction(async (tx) => tx.send(clearAllStatement, rangesOf(name, keys))),
  };
}

async function runAlone(db: Db, query: Query) {
  const rows = await db.transaction((tx) => tx.run(query));
  return { rows, rowCount: rows.length };
}

/** The library rejects with a plain object when there is no try left (H-19), and with an error when the database fails. */
function secondsUntilNext(rejected: unknown): number {
  if (rejected instanceof RateLimiterRes) return Math.max(1, Math.ceil(rejected.msBeforeNext / 1_000));
  throw rejected;
}

/** Each range is looked up by itself: the planner takes ranges that it does not know to be a large part of the table. */
const clearAllStatement = {
  name: 'clear-limiter-keys',
  text: `delete from limiter where key = any (array(
      select counted.key from unnest($1::text[], $2::text[]) as range (first, past) cross join lateral (
        select l.key from limiter l where l.key >= range.first and l.key < range.past offset 0
      ) counted
    ))`,
};

/** A semicolon comes right after a colon. */
function rangesOf(name: string, keys: readonly string[]): readonly string[][] {
  return [':', ';'].map((end) => keys.map((key) => `${name}:${key}${end}`));
}

const clearStatement = { name: 'clear-limiter', text: 'delete from limiter where expire < $1' };

/** Removes the counts whose window is over. Their times are those of the nodes, as the library writes them. */
export async function clearLimiter(db: Db): Promise<void> {
  await db.transaction(async (tx) => tx.send(clearStatement, [Date.now()]));
}
