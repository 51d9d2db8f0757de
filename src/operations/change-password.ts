import { checkPassword, type PasswordPolicyName } from '#access/check-password.ts';
import { hashPassword } from '#access/hash-password.ts';
import { inTurn } from '#access/in-turn.ts';
import { commonPasswords } from '#access/password-lists.ts';
import { beginSession, type SessionPolicyName } from '#access/sessions.ts';
import {
  checkNetworkLimit,
  checkSignInLimit,
  clearFailedSignIns,
  personToLimit,
  type SignInTry,
  turnOf,
} from '#access/sign-in-limits.ts';
import type { Values } from '#attributes/attribute.ts';
import { userType } from '#attributes/resource-type.ts';
import type { Caller } from '#domain/caller.ts';
import { maySetPassword } from '#domain/check-password-right.ts';
import { readValues } from '#domain/document.ts';
import { Fault } from '#domain/fault.ts';
import { isSuperuser } from '#domain/is-superuser.ts';
import { appendJournal } from '#journal/append-journal.ts';
import type { Db, Tx } from '#store/database.ts';
import { lockResource } from '#store/find-resource.ts';
import { isPasswordUnchanged } from '#store/passwords.ts';
import { touchResource } from '#store/save-resource.ts';
import { findCandidateById } from '#store/sign-in-state.ts';
import { forgetTries } from './forget-tries.ts';
import { protectedFault } from './protected-fault.ts';
import { provePassword } from './prove-password.ts';
import { replacePassword } from './replace-password.ts';

/** A new password of one's own. */
export interface PasswordChange {
  /** Absent where the API does not ask a superuser for it. */
  readonly oldPassword?: string;
  readonly password: string;
  /** Whether it may be the old one again, for who does not have to choose another. */
  readonly mayBeOld?: true;
  readonly policy: PasswordPolicyName;
  /** What the session is like that replaces all others. */
  readonly sessionPolicy: SessionPolicyName;
}

/**
 * Changes the password of the person who is signed in, who knows the old one, or may set that of a superuser. Every session
 * of his ends; gives the token of a new one. Raises `forbidden`, `invalid_value` (of `oldPassword`, with the rule
 * `wrong_password`, when that is wrong), `rate_limited`, `unavailable`.
 */
export async function changePassword(
  caller: Caller,
  db: Db,
  wish: PasswordChange,
): Promise<{ readonly token: string }> {
  const { tenant, address, dialect, person } = caller;
  if (person === undefined) throw new Fault('forbidden', 'only somebody who is signed in has a password to change');
  const { oldPassword } = wish;
  if (oldPassword === undefined) return changeUnproved(caller, db, person, wish);
  const attempt = { name: personToLimit(tenant, person), address, dialect };
  await checkNetworkLimit(db, address, dialect);
  return inTurn(turnOf(attempt), () => changeAlone(caller, db, person, { ...wish, oldPassword }, attempt));
}

async function changeUnproved(caller: Caller, db: Db, person: string, wish: PasswordChange) {
  if (!maySetPassword(caller, { muster: { superuser: true } })) throw wrongOld();
  await commonPasswords();
  const hash = await hashPassword(wish.password);
  return { token: await db.transaction((tx) => changeInside(caller, tx, person, wish, { hash })) };
}

async function changeAlone(
  caller: Caller,
  db: Db,
  person: string,
  wish: PasswordChange & Required<Pick<PasswordChange, 'oldPassword'>>,
  attempt: SignInTry,
) {
  await checkSignInLimit(db, attempt);
  const candidate = await findCandidateById(db, caller.tenant, person);
  const proof = await provePassword(caller, db, candidate, wish.oldPassword);
  if (proof === 'wrong') throw wrongOld();
  await clearFailedSignIns(db, attempt);
  await db.transaction((tx) => forgetTries(caller, tx, person, false));
  if (wish.mayBeOld !== true && wish.password === wish.oldPassword) throw sameAgain();
  await commonPasswords();
  const hash = await hashPassword(wish.password);
  const proved = { hash, changedAt: candidate?.changedAt ?? '' };
  return { token: await db.transaction((tx) => changeInside(caller, tx, person, wish, proved)) };
}

/** The new hash, and when the password became what was proved; absent where nothing was. */
interface Proved {
  readonly hash: string;
  readonly changedAt?: string;
}

async function changeInside(caller: Caller, tx: Tx, person: string, wish: PasswordChange, { hash, changedAt }: Proved) {
  const { tenant, connection } = caller;
  const locked = await lockResource(tx, { tenant, connection }, userType, person);
  const values = locked && readValues(userType, locked.resource.document);
  if (locked === undefined || values?.active === false) throw new Fault('forbidden', 'this account is disabled');
  if (changedAt === undefined && locked.isProtected) throw await protectedFault(tx, tenant, person);
  const mayChange =
    changedAt === undefined ? isSuperuser(values ?? {}) : await isPasswordUnchanged(tx, tenant, person, changedAt);
  if (!mayChange) throw wrongOld();
  if (wish.password === wish.oldPassword && hasToChange(values ?? {})) throw sameAgain();
  await checkPassword(wish.policy, wish.password, values ?? {});
  touchResource(tx, caller, userType, locked.resource, locked.time);
  const differences = await replacePassword(tx, tenant, person, { hash, mustChange: false });
  appendJournal(tx, caller, { action: 'updated', kind: 'User', id: person, differences });
  return beginSession(tx, caller, { person, policy: wish.sessionPolicy });
}

function hasToChange({ muster }: Values): boolean {
  return (muster as Values | undefined)?.mustChangePassword === true;
}

function sameAgain(): Fault {
  return new Fault('invalid_value', 'the new password must be another one', { attribute: 'password' });
}

function wrongOld(): Fault {
  return new Fault('invalid_value', 'the old password is wrong', {
    ...{ attribute: 'oldPassword', rule: 'wrong_password' },
  });
}
