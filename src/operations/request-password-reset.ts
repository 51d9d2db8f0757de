import { checkResetLimit } from '#access/reset-limits.ts';
import type { Db } from '#store/database.ts';
import type { Mailer } from './mailer.ts';
import { type ResetMail, writeResetMail } from './reset-mail.ts';

/** Somebody who does not know his password any more. */
export interface ResetRequest extends Pick<ResetMail, 'tenant' | 'email' | 'address' | 'page'> {
  /** The API in which he asks; some have limits of their own. */
  readonly dialect?: string;
}

/**
 * Sends a mail with a token to whoever has this primary e-mail, if anybody does: active, with a password of ours. Nobody
 * learns from the answer whether there is such a person. Raises `rate_limited` for the fourth mail in 15 minutes, and when
 * one network asks for many; in Metabase the fourth wish in a row, and beyond those no mail is sent.
 */
export async function requestPasswordReset(db: Db, mailer: Mailer, wish: ResetRequest): Promise<void> {
  const maySend = await checkResetLimit(db, { ...wish, email: wish.email.toWellFormed() });
  if (maySend) mailer.post(() => writeResetMail(db, { ...wish, reason: 'forgotten' }));
}
