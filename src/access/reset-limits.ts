import { createHash } from 'node:crypto';
import { Fault } from '#domain/fault.ts';
import { fold } from '#domain/fold.ts';
import { domainLimits } from '#domain/limits.ts';
import type { Db } from '#store/database.ts';
import { openLimiter } from '#store/limiter.ts';

const windowSeconds = 15 * 60;

/**
 * Counts a wish for a mail to an address, whether it is anybody's or not. Raises `rate_limited` when there were too many,
 * so that nobody's mailbox can be filled.
 */
export async function checkResetLimit(db: Db, tenant: number, email: string): Promise<void> {
  const limiter = openLimiter(db, { name: 'reset', tries: domainLimits.resetMailsPerAddress, windowSeconds });
  const key = createHash('sha256')
    .update(`${tenant}:${fold(email)}`)
    .digest('hex');
  const seconds = await limiter.take(key);
  if (seconds === undefined) return;
  throw new Fault('rate_limited', `too many mails were asked for; try again in ${seconds} seconds`, {
    attribute: 'email',
    retryAfterSeconds: seconds,
  });
}
