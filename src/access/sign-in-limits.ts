import { createHash } from 'node:crypto';
import { Fault } from '#domain/fault.ts';
import { domainLimits } from '#domain/limits.ts';
import type { Db } from '#store/database.ts';
import { type Limiter, openLimiter } from '#store/limiter.ts';
import { networkOf } from './network-of.ts';

/** Somebody tries to prove who he is. */
export interface SignInTry {
  /**
   * Whom he says he is, written in one way (folded) and with what makes it unique before it, such as the tenant's number;
   * whether there is such a person makes no difference.
   */
  readonly name: string;
  /** The network address that the try came from. */
  readonly address?: string | undefined;
}

interface Limiters {
  readonly names: Limiter;
  readonly addresses: Limiter;
}

/**
 * Counts a try as failed before it is known how it ends, so that tries at the same moment, on any node, cannot pass the
 * limit together; `clearFailedSignIns` takes it back when it succeeds. For what can be guessed: a password. Raises
 * `rate_limited` when the name or the address has failed too often, and then the credential must not even be looked at.
 */
export async function checkSignInLimit(db: Db, signIn: SignInTry): Promise<void> {
  await take(limitersOf(db).people, signIn);
}

/**
 * Counts that an OAuth client failed. What it shows is too random to be guessed, so a good proof is never held up by what
 * others do in its name or from its address, and its failures are none of the people who sign in from there. Raises
 * `rate_limited` when the name or the address has failed too often.
 */
export async function countFailedClient(db: Db, failure: SignInTry): Promise<void> {
  await take(limitersOf(db).clients, failure);
}

/** The try succeeded: the name has all its tries again, the address the one that was counted for this. */
export async function clearFailedSignIns(db: Db, { name, address }: SignInTry): Promise<void> {
  const { names, addresses } = limitersOf(db).people;
  await Promise.all([
    names.clear(keyOf(name)),
    ...(address === undefined ? [] : [addresses.giveBack(keyOf(networkOf(address)))]),
  ]);
}

async function take({ names, addresses }: Limiters, { name, address }: SignInTry): Promise<void> {
  // A limited address comes first: it must not use up the tries of the name.
  const seconds =
    (address === undefined ? undefined : await addresses.take(keyOf(networkOf(address)))) ??
    (await names.take(keyOf(name)));
  if (seconds !== undefined) throw tooMany(seconds);
}

function tooMany(seconds: number): Fault {
  return new Fault('rate_limited', `there were too many failed tries; try again in ${seconds} seconds`, {
    retryAfterSeconds: seconds,
  });
}

const minuteSeconds = 60;
const opened = new WeakMap<Db, { readonly people: Limiters; readonly clients: Limiters }>();

function limitersOf(db: Db) {
  const known = opened.get(db);
  if (known !== undefined) return known;
  const fresh = { people: openLimiters(db, ''), clients: openLimiters(db, 'client-') };
  opened.set(db, fresh);
  return fresh;
}

function openLimiters(db: Db, whose: '' | 'client-'): Limiters {
  const { failedSignInsPerName: ofName, failedSignInsPerAddress: ofAddress } = domainLimits;
  return {
    names: openLimiter(db, { name: `${whose}name`, tries: ofName, windowSeconds: 15 * minuteSeconds }),
    addresses: openLimiter(db, { name: `${whose}address`, tries: ofAddress, windowSeconds: 60 * minuteSeconds }),
  };
}

/** A key of one length, whatever a client sends: names are long and hold NUL. */
function keyOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
