import { setTimeout as wait } from 'node:timers/promises';
import { Fault } from '#domain/fault.ts';
import type { Db } from '#store/database.ts';
import { exchangeRequestLevels, type SpentRequests } from '#store/request-levels.ts';

/** The requests that somebody may still send; it fills at its rate and holds those of one second. */
export interface Bucket {
  readonly tenant: number;
  readonly subject: string;
  ratePerSecond: number;
  level: number;
  atMs: number;
  /** Let through here and not yet told to the other nodes. */
  spent: number;
  readonly onSpent: () => void;
}

/** Hears of an error for which nobody waits. */
export type LogError = (error: unknown) => void;

const pauseMs = 500;

/** How many whole seconds it takes until there is a request in the bucket; 0 when there is one. */
export function secondsUntilNext(bucket: Bucket): number {
  const nowMs = performance.now();
  const filled = bucket.level + (bucket.ratePerSecond * (nowMs - bucket.atMs)) / 1_000;
  bucket.level = Math.min(bucket.ratePerSecond, filled);
  bucket.atMs = nowMs;
  return bucket.level >= 1 ? 0 : Math.ceil((1 - bucket.level) / bucket.ratePerSecond);
}

/** Takes a request out of the bucket. */
export function spend(bucket: Bucket): void {
  bucket.level -= 1;
  bucket.spent += 1;
  bucket.onSpent();
}

/**
 * Makes the buckets of this node. What is taken out of them is told to the other nodes through the database at most twice
 * a second, never while a request waits and never while nothing is taken; after it a bucket holds what all nodes have
 * left in it. While the database is away each node goes by what it knows; any other error is logged besides.
 */
export function openBuckets(
  db: Db,
  logError: LogError,
): (tenant: number, subject: string, ratePerSecond: number) => Bucket {
  const buckets = new Map<string, Bucket>();
  const tell = throttled(() => exchange(db, buckets, logError));
  return (tenant, subject, ratePerSecond) => {
    const key = keyOf(tenant, subject);
    const known = buckets.get(key);
    if (known !== undefined) {
      known.ratePerSecond = ratePerSecond;
      return known;
    }
    const atMs = performance.now();
    const fresh = { tenant, subject, ratePerSecond, level: ratePerSecond, atMs, spent: 0, onSpent: tell };
    buckets.set(key, fresh);
    return fresh;
  };
}

function keyOf(tenant: number, subject: string): string {
  return `${tenant} ${subject}`;
}

async function exchange(db: Db, buckets: Map<string, Bucket>, logError: LogError): Promise<void> {
  const told = takeSpent(buckets);
  try {
    for (const { tenant, subject, level } of await exchangeRequestLevels(db, told)) {
      const bucket = buckets.get(keyOf(tenant, subject));
      if (bucket !== undefined) Object.assign(bucket, { level: level - bucket.spent, atMs: performance.now() });
    }
  } catch (error) {
    if (!(error instanceof Fault && error.kind === 'unavailable')) logError(error);
    for (const { tenant, subject, spent } of told) {
      const bucket = buckets.get(keyOf(tenant, subject));
      if (bucket !== undefined) bucket.spent += spent;
    }
  }
}

/** What was let through since the last time, and is to be told now. */
function takeSpent(buckets: Map<string, Bucket>): readonly SpentRequests[] {
  const told: SpentRequests[] = [];
  for (const [key, bucket] of buckets) {
    if (bucket.spent > 0) {
      told.push({ ...bucket });
      bucket.spent = 0;
    } else if (secondsUntilNext(bucket) === 0 && bucket.level === bucket.ratePerSecond) {
      // A full one says no more than a fresh one.
      buckets.delete(key);
    }
  }
  return told;
}

/** Makes a call that has the work done soon: one at a time, and not again before the pause is over. */
function throttled(work: () => Promise<void>): () => void {
  let isWanted = false;
  let isRunning = false;
  let readyAtMs = 0;
  const run = async () => {
    isRunning = true;
    while (isWanted) {
      await wait(Math.max(0, readyAtMs - performance.now()), undefined, { ref: false });
      readyAtMs = performance.now() + pauseMs;
      isWanted = false;
      await work();
    }
    isRunning = false;
  };
  return () => {
    isWanted = true;
    if (!isRunning) void run();
  };
}
