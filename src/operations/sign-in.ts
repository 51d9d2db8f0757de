import { hashPassword } from '#access/hash-password.ts';
import { inTurn } from '#access/in-turn.ts';
import { beginSession, type SessionPolicyName } from '#access/sessions.ts';
import {
  checkNetworkLimit,
  checkSignInLimit,
  clearFailedSignIns,
  nameToLimit,
  type SignInTry,
  turnOf,
} from '#access/sign-in-limits.ts';
import { type Caller, noConnection } from '#domain/caller.ts';
import { Fault } from '#domain/fault.ts';
import type { Db, Tx } from '#store/database.ts';
import { isPasswordUnchanged, rehashPassword } from '#store/passwords.ts';
import { type Candidate, findCandidate } from '#store/sign-in-state.ts';
import { forgetTries } from './forget-tries.ts';
import { provePassword } from './prove-password.ts';

/** Who comes without a credential, to get one. */
export interface Stranger {
  readonly tenant: number;
  readonly dialect: string;
  readonly requestId: string;
  readonly address?: string;
}

/** Somebody who says who he is. */
export interface SignInWish extends Stranger {
  /** A userName or a primary e-mail. */
  readonly name: string;
  readonly password: string;
  readonly sessionPolicy: SessionPolicyName;
}

/** Somebody who is in. */
export interface SignedIn {
  /** The token of the session, shown once. */
  readonly token: string;
  readonly person: string;
  /** Whether the session is good for nothing but a new password. */
  readonly mustChange: boolean;
}

/**
 * Begins a session for who knows the password of a person. Unknown name, wrong password, expired temporary password and
 * locked-out person are one fault, with the same words and the same work. Raises `unauthenticated` (with `inactive` for
 * the right password of an inactive person), `rate_limited`, `unavailable`.
 */
export async function signIn(db: Db, wish: SignInWish): Promise<SignedIn> {
  const { address, dialect } = wish;
  const attempt = { name: nameToLimit(wish.tenant, wish.name), address, dialect };
  await checkNetworkLimit(db, address, dialect);
  return inTurn(turnOf(attempt), () => signInAlone(strangerAsCaller(wish), db, wish, attempt));
}

async function signInAlone(caller: Caller, db: Db, wish: SignInWish, attempt: SignInTry): Promise<SignedIn> {
  const { tenant } = caller;
  const { password } = wish;
  await checkSignInLimit(db, attempt);
  const candidate = canBeName(wish.name) ? await findCandidate(db, tenant, wish.name) : undefined;
  const proof = await provePassword(caller, db, candidate, password);
  if (candidate === undefined || proof === 'wrong') throw refused();
  const better = proof === 'outdated' ? await hashPassword(password) : undefined;
  const signedIn = await db.transaction((tx) => enter(caller, tx, wish, candidate, better));
  await clearFailedSignIns(db, attempt);
  if (signedIn === undefined) throw inactive();
  return signedIn;
}

/** Undefined: the person is inactive, perhaps since a moment ago. Raises `unauthenticated` when the password is another by now. */
async function enter(
  caller: Caller,
  tx: Tx,
  { sessionPolicy: policy }: SignInWish,
  { id, hash = '', changedAt = '' }: Candidate,
  better: string | undefined,
): Promise<SignedIn | undefined> {
  const { tenant } = caller;
  // The try that locked a person out may be the one that was right.
  const cleared = await forgetTries(caller, tx, id, true);
  if (cleared === undefined) {
    await forgetTries(caller, tx, id, false);
    return undefined;
  }
  if (!(await isPasswordUnchanged(tx, tenant, id, changedAt))) throw refused();
  if (better !== undefined) rehashPassword(tx, tenant, id, hash, better);
  const token = await beginSession(tx, caller, { person: id, policy });
  return { token, person: id, mustChange: cleared.mustChange };
}

/** Who signs in has no rights yet; what he changes on the way is put down to him who asked. */
export function strangerAsCaller({ tenant, dialect, requestId, address }: Stranger): Caller {
  const from = address === undefined ? {} : { address };
  return { tenant, connection: noConnection, dialect, profile: '', rights: [], requestId, ...from };
}

/** What no database can hold is nobody's name. */
function canBeName(name: string): boolean {
  return name.isWellFormed() && !name.includes('\0') && name.length <= nameLengthMax;
}

const nameLengthMax = 640;

function refused(): Fault {
  return new Fault('unauthenticated', 'the name or the password is wrong', { wrongCredential: true });
}

function inactive(): Fault {
  return new Fault('unauthenticated', 'this account is disabled', { wrongCredential: true, inactive: true });
}
