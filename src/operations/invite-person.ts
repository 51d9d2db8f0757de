import { type Caller, checkMayWrite } from '#domain/caller.ts';
import type { Db } from '#store/database.ts';
import type { Mailer } from './mailer.ts';
import { type ResetMail, writeResetMail } from './reset-mail.ts';

/** Somebody who was put on the roll and has no password yet. */
export interface Invitation extends Pick<ResetMail, 'email' | 'page'> {
  readonly person: string;
}

/**
 * Sends a mail to a person with a token to choose the first password with. Nothing waits for it, and none is sent when
 * another has that e-mail. Raises `forbidden` without the right `users`.
 */
export async function invitePerson(caller: Caller, db: Db, mailer: Mailer, wish: Invitation): Promise<void> {
  checkMayWrite(caller, 'User');
  mailer.post(() => writeResetMail(db, { ...wish, tenant: caller.tenant, reason: 'invited' }));
}
