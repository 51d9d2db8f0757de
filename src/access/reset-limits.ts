import { createHash } from 'node:crypto';
import { Fault } from '#domain/fault.ts';
import { fold } from '#domain/fold.ts';
import { domainLimits } from '#domain/limits.ts';
import type { Db } from '#store/database.ts';
import { openLimiter } from '#store/limiter.ts';
import { networkOf } from './network-of.ts';

/** Somebody wishes for a mail. */
export interface ResetTry {
  readonly tenant: number;
  readonly email: string;
  readonly address?: string | undefined;
}

const minuteSeconds = 60;

/**
 * Counts a wish for a mail to an address, whether it is anybody's or not. Raises `rate_limited` when there were too many
 * for the address, so that nobody's mailbox can be filled, or too many from one network, whatever the addresses.
 */
export async function checkResetLimit(db: Db, { tenant, email, address }: ResetTry): Promise<void> {
  const { resetMailsPerAddress, resetMailsPerNetwork } = domainLimits;
  const networks = { name: 'reset-network', tries: resetMailsPerNetwork, windowSeconds: 60 * minuteSeconds };
  const emails = { name: 'reset', tries: resetMailsPerAddress, windowSeconds: 15 * minuteSeconds };
  // A limited network comes first: it must not use up the mails of an address.
  const seconds =
    (address === undefined ? undefined : await openLimiter(db, networks).take(keyOf(networkOf(address)))) ??
    (await openLimiter(db, emails).take(keyOf(`${tenant}:${fold(email)}`)));
  if (seconds === undefined) return;
  throw new Fault('rate_limited', `too many mails were asked for; try again in ${seconds} seconds`, {
    attribute: 'email',
    retryAfterSeconds: seconds,
  });
}

function keyOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
