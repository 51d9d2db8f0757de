import { checkPassword, type PasswordPolicyName } from '#access/check-password.ts';
import { hashPassword } from '#access/hash-password.ts';
import { commonPasswords } from '#access/password-lists.ts';
import { beginSession, type SessionPolicyName } from '#access/sessions.ts';
import { userType } from '#attributes/resource-type.ts';
import { applyChanges } from '#domain/apply-changes.ts';
import type { Caller } from '#domain/caller.ts';
import type { Change } from '#domain/change.ts';
import { checkResource } from '#domain/check-resource.ts';
import { Fault } from '#domain/fault.ts';
import type { WriteRules } from '#domain/write-rules.ts';
import type { Db, Tx } from '#store/database.ts';
import { findSetupState, makeSetupToken, useSetupToken } from '#store/setup-tokens.ts';
import { putOnRoll } from './create-resource.ts';
import { forgetTries } from './forget-tries.ts';
import { type SignedIn, type Stranger, strangerAsCaller } from './sign-in.ts';

/** The first person of a tenant, who makes himself. */
export interface Setup extends Stranger {
  /** What `describeSetup` gives. */
  readonly token: string;
  /** What he is to be, but for the password and the flag superuser, which he gets. */
  readonly changes: readonly Change[];
  readonly password: string;
  readonly policy: PasswordPolicyName;
  readonly sessionPolicy: SessionPolicyName;
  readonly rules: WriteRules;
}

/** Whether a tenant waits for its first person. */
export interface SetupDescription {
  /** Absent where somebody is or was on the roll, and where there is no such tenant. */
  readonly token?: string;
  readonly isSetUp: boolean;
}

/** Whether somebody is or ever was on the roll of a tenant, and if nobody, the token with which the first comes in. */
export async function describeSetup(db: Db, tenant: number): Promise<SetupDescription> {
  const { isEmpty, token } = await findSetupState(db, tenant);
  if (!isEmpty) return { isSetUp: true };
  const made = token ?? (await db.transaction((tx) => makeSetupToken(tx, tenant)));
  return { isSetUp: false, ...(made !== undefined && { token: made }) };
}

/**
 * Makes the first person of a tenant, a superuser, and begins a session: of two at once one gets in. Raises `forbidden` when
 * anybody is or ever was on the roll, `invalid_value` of `token` or `password`, `unavailable`.
 */
export async function setUpTenant(db: Db, wish: Setup): Promise<SignedIn> {
  const { changes, password, policy, tenant, token } = wish;
  const state = await findSetupState(db, tenant);
  if (!state.isEmpty) throw tooLate();
  if (token !== state.token) {
    throw new Fault('invalid_value', 'the token is not that of this tenant', { attribute: 'token' });
  }
  const superuser: Change = { op: 'set', path: 'muster.superuser', value: true };
  const values = checkResource(userType, undefined, applyChanges(userType.attributes, {}, [...changes, superuser]));
  await checkPassword(policy, password, values);
  await commonPasswords();
  const ready = { password, hash: await hashPassword(password) };
  const caller: Caller = { ...strangerAsCaller(wish), rights: ['read', 'write', 'passwords', 'superuser'] };
  return db.transaction(async (tx) => {
    if (!(await useSetupToken(tx, tenant, token))) throw tooLate();
    const rules: WriteRules = { ...wish.rules, passwords: 'unchecked' };
    const made = await putOnRoll(caller, tx, userType, values, { changes, rules, password: ready });
    return enter(caller, tx, (await made()).resource.id, wish.sessionPolicy);
  });
}

async function enter(caller: Caller, tx: Tx, person: string, policy: SessionPolicyName): Promise<SignedIn> {
  await forgetTries(caller, tx, person, true);
  return { person, mustChange: false, token: await beginSession(tx, caller, { person, policy }) };
}

function tooLate(): Fault {
  return new Fault('forbidden', 'somebody has set this tenant up already; sign in as him, or ask him');
}
