import { checkPassword, type PasswordPolicyName, policyOf } from '#access/check-password.ts';
import { hashPassword } from '#access/hash-password.ts';
import { commonPasswords } from '#access/password-lists.ts';
import { newTemporaryPassword } from '#access/temporary-password.ts';
import { userType } from '#attributes/resource-type.ts';
import type { Caller } from '#domain/caller.ts';
import { checkPasswordRight } from '#domain/check-password-right.ts';
import { readValues } from '#domain/document.ts';
import { Fault } from '#domain/fault.ts';
import { appendJournal } from '#journal/append-journal.ts';
import type { Db, Tx } from '#store/database.ts';
import { lockResource } from '#store/find-resource.ts';
import { touchResource } from '#store/save-resource.ts';
import { protectedFault } from './protected-fault.ts';
import { type NewPassword, replacePassword } from './replace-password.ts';

/** A password that somebody chose for another. */
interface ChosenPassword {
  readonly password: string;
  readonly mustChange?: boolean;
  /** What it must be; absent: what the dialect usually wants. */
  readonly policy?: PasswordPolicyName;
}

/** The password to set: this one, or a temporary one that is made up. */
export type PasswordWish = ChosenPassword | { readonly temporary: true };

/** What was set. */
export interface PasswordSet {
  /** The temporary password, shown once. */
  readonly password?: string;
}

/**
 * Sets the password of somebody else. A temporary one is good for 72 hours and has to be changed at the first sign-in.
 * His sessions, waiting resets, failures and lock end. Raises `forbidden`, `not_found`, `invalid_value`, `unavailable`.
 */
export async function setPassword(caller: Caller, db: Db, id: string, wish: PasswordWish): Promise<PasswordSet> {
  checkPasswordRight(caller, {});
  const password = 'temporary' in wish ? newTemporaryPassword() : wish.password;
  if (!('temporary' in wish)) await commonPasswords();
  const hash = await hashPassword(password, 'second');
  const mustChange = 'temporary' in wish ? true : wish.mustChange;
  const kept: NewPassword = { hash, ...('temporary' in wish && wish), ...(mustChange !== undefined && { mustChange }) };
  await db.transaction((tx) => setInside(caller, tx, id, kept, 'temporary' in wish ? undefined : wish));
  return 'temporary' in wish ? { password } : {};
}

async function setInside(
  caller: Caller,
  tx: Tx,
  id: string,
  kept: NewPassword,
  chosen: ChosenPassword | undefined,
): Promise<void> {
  const locked = await lockResource(tx, caller, userType, id);
  if (locked === undefined) throw new Fault('not_found', 'there is no such User');
  const { resource, time } = locked;
  const values = readValues(userType, resource.document);
  checkPasswordRight(caller, values);
  if (locked.isProtected) throw await protectedFault(tx, caller.tenant, resource.id);
  if (chosen !== undefined) await checkPassword(chosen.policy ?? policyOf(caller.dialect), chosen.password, values);
  touchResource(tx, caller, userType, resource, time);
  const differences = await replacePassword(tx, caller.tenant, resource.id, kept);
  appendJournal(tx, caller, { action: 'updated', kind: 'User', id: resource.id, differences });
}
