import { createHash } from 'node:crypto';
import { Fault } from '#domain/fault.ts';
import { fold } from '#domain/fold.ts';
import { domainLimits } from '#domain/limits.ts';
import type { Db } from '#store/database.ts';
import { type LimiterOptions, openLimiter } from '#store/limiter.ts';
import { networkOf } from './network-of.ts';

/** Somebody wishes for a mail. */
export interface ResetTry {
  readonly tenant: number;
  readonly email: string;
  readonly address?: string | undefined;
  /** The API in which he wishes; some have limits of their own. */
  readonly dialect?: string | undefined;
}

/** How an API refuses whose clients expect to be let through again sooner than a mailbox gets mails. */
interface OwnLimits {
  readonly wishes: LimiterOptions;
  readonly badTokens: LimiterOptions;
}

const minuteSeconds = 60;
const networks: LimiterOptions = {
  ...{ name: 'reset-network', tries: domainLimits.resetMailsPerNetwork, windowSeconds: 60 * minuteSeconds },
};
const mailboxes: LimiterOptions = {
  ...{ name: 'reset', tries: domainLimits.resetMailsPerAddress, windowSeconds: 15 * minuteSeconds },
};

const ownLimits: Readonly<Record<string, OwnLimits>> = {
  metabase: {
    wishes: {
      ...{ name: 'reset-metabase', tries: domainLimits.resetWishesInMetabase },
      ...{ windowSeconds: 15 * minuteSeconds, blockSeconds: 15 },
    },
    badTokens: {
      ...{ name: 'reset-bad-metabase', tries: domainLimits.failedResetsPerNetworkInMetabase },
      windowSeconds: 15 * minuteSeconds,
    },
  },
};

/**
 * Counts a wish for a mail to an address, whether it is anybody's or not. Raises `rate_limited` when there were too many
 * for the address, so that nobody's mailbox can be filled, or too many from one network, whatever the addresses. Gives
 * whether a mail may be sent: an API that refuses for a short time alone takes wishes that come to nothing.
 */
export async function checkResetLimit(db: Db, { tenant, email, address, dialect }: ResetTry): Promise<boolean> {
  const key = keyOf(`${tenant}:${fold(email)}`);
  // A limited network comes first: it must not use up the mails of an address.
  if (address !== undefined) check(await openLimiter(db, networks).take(keyOf(networkOf(address))));
  const own = ownLimits[dialect ?? '']?.wishes;
  if (own !== undefined) check(await openLimiter(db, own).take(key));
  const seconds = await openLimiter(db, mailboxes).take(key);
  if (own === undefined) check(seconds);
  return seconds === undefined;
}

/**
 * Counts a token that was not good, in an API whose clients expect to be told when there were too many. A good one is
 * never held up: it is too random to be guessed. Raises `rate_limited` when the network sent too many.
 */
export async function countBadToken(
  db: Db,
  { address, dialect }: Pick<ResetTry, 'address' | 'dialect'>,
): Promise<void> {
  const own = ownLimits[dialect ?? '']?.badTokens;
  if (own === undefined || address === undefined) return;
  const seconds = await openLimiter(db, own).take(keyOf(networkOf(address)));
  if (seconds !== undefined) throw tooMany('too many tokens were not good', 'token', seconds);
}

function check(seconds: number | undefined): void {
  if (seconds !== undefined) throw tooMany('too many mails were asked for', 'email', seconds);
}

function tooMany(what: string, attribute: string, seconds: number): Fault {
  return new Fault('rate_limited', `${what}; try again in ${seconds} seconds`, {
    attribute,
    retryAfterSeconds: seconds,
  });
}

function keyOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
