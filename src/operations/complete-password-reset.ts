import { checkPassword, type PasswordPolicyName } from '#access/check-password.ts';
import { hashPassword } from '#access/hash-password.ts';
import { commonPasswords } from '#access/password-lists.ts';
import { countBadToken } from '#access/reset-limits.ts';
import { beginSession, type SessionPolicyName } from '#access/sessions.ts';
import { hashToken } from '#access/token.ts';
import { userType } from '#attributes/resource-type.ts';
import type { Caller } from '#domain/caller.ts';
import { readValues } from '#domain/document.ts';
import { Fault } from '#domain/fault.ts';
import { appendJournal } from '#journal/append-journal.ts';
import type { Db, Tx } from '#store/database.ts';
import { lockResource } from '#store/find-resource.ts';
import { findResetToken, useResetToken } from '#store/reset-tokens.ts';
import { touchResource } from '#store/save-resource.ts';
import { replacePassword } from './replace-password.ts';
import { type Stranger, strangerAsCaller } from './sign-in.ts';

/** Somebody with a token of a mail, and the password that he chose. */
export interface ResetCompletion extends Stranger {
  readonly token: string;
  readonly password: string;
  readonly policy: PasswordPolicyName;
  /** What the session is like that begins; none begins without. */
  readonly sessionPolicy?: SessionPolicyName;
}

/** Somebody with a new password. */
export interface ResetDone {
  readonly person: string;
  /** The token of the session, shown once; absent where none began. */
  readonly token?: string;
}

/** Whether a reset token is good: not used, not too old, of somebody who is active. */
export async function isResetTokenGood(db: Db, tenant: number, token: string): Promise<boolean> {
  return (await findResetToken(db, tenant, hashToken(token))) !== undefined;
}

/**
 * Uses a reset token up for a new password: every session and every other reset of the person ends, and a session begins
 * where one is wished for.
 * Raises `invalid_value` of `token` or of `password`, `unavailable`, and in Metabase `rate_limited` instead of the former
 * for a network that sent many tokens that were not good.
 */
export async function completePasswordReset(db: Db, wish: ResetCompletion): Promise<ResetDone> {
  if (!(await isResetTokenGood(db, wish.tenant, wish.token))) {
    await countBadToken(db, wish);
    throw badToken();
  }
  await commonPasswords();
  const hash = await hashPassword(wish.password);
  return db.transaction((tx) => complete(strangerAsCaller(wish), tx, wish, hash));
}

async function complete(caller: Caller, tx: Tx, wish: ResetCompletion, hash: string): Promise<ResetDone> {
  const { tenant } = caller;
  const person = await useResetToken(tx, tenant, hashToken(wish.token));
  const locked = person === undefined ? undefined : await lockResource(tx, caller, userType, person);
  if (person === undefined || locked === undefined) throw badToken();
  const values = readValues(userType, locked.resource.document);
  if (values.active === false) throw badToken();
  await checkPassword(wish.policy, wish.password, values);
  touchResource(tx, caller, userType, locked.resource, locked.time);
  const differences = await replacePassword(tx, tenant, person, { hash, mustChange: false });
  appendJournal(tx, { ...caller, person }, { action: 'updated', kind: 'User', id: person, differences });
  if (wish.sessionPolicy === undefined) return { person };
  return { person, token: await beginSession(tx, caller, { person, policy: wish.sessionPolicy }) };
}

function badToken(): Fault {
  return new Fault('invalid_value', 'the token is wrong, used or too old; ask for a new mail', { attribute: 'token' });
}
