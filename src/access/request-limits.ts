import { Fault } from '#domain/fault.ts';
import { requestRates } from '#domain/request-rates.ts';
import type { Db } from '#store/database.ts';
import { type Bucket, type LogError, openBuckets, secondsUntilNext, spend } from './request-buckets.ts';

/** Who sends a request, as far as it matters how many he may send. */
export interface Sender {
  readonly tenant: number;
  readonly connection: string;
  readonly dialect: string;
  /** The connection's own limit; absent where it has that of its dialect. */
  readonly ratePerSecond?: number;
}

/** Counts a request. Raises `rate_limited` with whole seconds when its connection, or its tenant, has sent too many. */
export type LimitRequests = (sender: Sender) => void;

/**
 * Makes the limit on requests. It is decided in this process at once, by what the nodes of the database have told one
 * another about twice a second, so together they stay near the limit. All tokens of a connection share its limit, and
 * the address of a request plays no part (S-29). Nobody waits when the nodes cannot tell one another; what is wrong then is
 * logged, unless the database is only away.
 */
export function buildRequestLimits(db: Db, logError: LogError): LimitRequests {
  const bucketOf = openBuckets(db, logError);
  return (sender) => {
    const buckets = bucketsOf(sender, bucketOf);
    const seconds = Math.max(...buckets.map(secondsUntilNext), 0);
    if (seconds > 0) throw tooMany(seconds);
    for (const bucket of buckets) spend(bucket);
  };
}

function bucketsOf(
  { tenant, connection, dialect, ratePerSecond: own }: Sender,
  bucketOf: (tenant: number, subject: string, ratePerSecond: number) => Bucket,
): readonly Bucket[] {
  const usual = requestRates(dialect);
  const rate = Math.max(own ?? usual?.ofConnection ?? 0, usual?.least ?? 0);
  if (rate === 0) return [];
  const mine = bucketOf(tenant, connection, rate);
  // Who gives one connection more than all have together does not want it to be held to that, nor to hold the others up.
  return usual === undefined || rate > usual.ofTenant ? [mine] : [mine, bucketOf(tenant, dialect, usual.ofTenant)];
}

function tooMany(seconds: number): Fault {
  const unit = seconds === 1 ? 'second' : 'seconds';
  return new Fault('rate_limited', `too many requests arrive at once; send the next one in ${seconds} ${unit}`, {
    retryAfterSeconds: seconds,
  });
}
