import { createHash } from 'node:crypto';
import { Fault } from '#domain/fault.ts';
import { fold } from '#domain/fold.ts';
import { domainLimits } from '#domain/limits.ts';
import type { Db } from '#store/database.ts';
import { type Limiter, openLimiter } from '#store/limiter.ts';
import { networkOf } from './network-of.ts';

/** Somebody tries to prove who he is. */
export interface SignInTry {
  /** Whom he says he is: of `nameToLimit` or `personToLimit`. Whether there is such a person makes no difference. */
  readonly name: string;
  /** The network address that the try came from. */
  readonly address?: string | undefined;
  /** The API in which it is made; some have limits of their own. */
  readonly dialect?: string | undefined;
}

/** How many failures of one network an API takes whose clients expect another number; all others take the usual one. */
const triesOfAddress: Readonly<Record<string, number>> = { metabase: domainLimits.failedSignInsPerAddressInMetabase };

interface Limiters {
  readonly names: Limiter;
  readonly addresses: Limiter;
}

/** The name of a tenant under which failures are counted: its spellings are one. */
export function nameToLimit(tenant: number, name: string): string {
  return `${tenant}:${fold(name.toWellFormed())}`;
}

/** The person under whom failures are counted of who is signed in already; nobody's name is written like this. */
export function personToLimit(tenant: number, id: string): string {
  return `person:${tenant}:${id}`;
}

/** What tries have in common that are made one after the other: those of one name from one network. */
export function turnOf({ name, address }: SignInTry): string {
  return keyOfBoth(name, address);
}

/**
 * Counts a try as failed before it is known how it ends, so that tries at the same moment, on any node, cannot pass the
 * limit together; `clearFailedSignIns` takes it back when it succeeds. For what can be guessed: a password. A name has its
 * tries in each network, so that a stranger uses up nobody else's (T-16). Raises `rate_limited` when the name has failed
 * too often there, or the network with whatever names, and then the credential must not even be looked at.
 */
export async function checkSignInLimit(db: Db, { name, address, dialect }: SignInTry): Promise<void> {
  await take(peopleOf(db, dialect), keyOfBoth(name, address), address);
}

/** Raises `rate_limited` when a network has failed too often, without counting anything: before a place is waited for. */
export async function checkNetworkLimit(db: Db, address: string | undefined, dialect?: string): Promise<void> {
  if (address === undefined) return;
  const seconds = await peopleOf(db, dialect).addresses.peek(keyOf(networkOf(address)));
  if (seconds !== undefined) throw tooMany(seconds);
}

/**
 * Counts that an OAuth client failed. What it shows is too random to be guessed, so a good proof is never held up by what
 * others do in its name or from its address, and its failures are none of the people who sign in from there. Raises
 * `rate_limited` when the name or the address has failed too often.
 */
export async function countFailedClient(db: Db, { name, address }: SignInTry): Promise<void> {
  await take(limitersOf(db).clients, keyOf(name), address);
}

/** The try succeeded: the name has all its tries in the network again, the network the one that was counted for this. */
export async function clearFailedSignIns(db: Db, { name, address }: SignInTry): Promise<void> {
  const { names, addresses } = limitersOf(db).people;
  await Promise.all([
    names.clear(keyOfBoth(name, address)),
    ...(address === undefined ? [] : [addresses.giveBack(keyOf(networkOf(address)))]),
  ]);
}

/** Gives names their tries back in every network. */
export async function forgetFailedSignIns(db: Db, names: readonly string[]): Promise<void> {
  await limitersOf(db).people.names.clearAll(names.map(keyOf));
}

async function take({ names, addresses }: Limiters, key: string, address: string | undefined): Promise<void> {
  // A limited address comes first: it must not use up the tries of the name.
  const seconds =
    (address === undefined ? undefined : await addresses.take(keyOf(networkOf(address)))) ?? (await names.take(key));
  if (seconds !== undefined) throw tooMany(seconds);
}

function tooMany(seconds: number): Fault {
  return new Fault('rate_limited', `there were too many failed tries; try again in ${seconds} seconds`, {
    retryAfterSeconds: seconds,
  });
}

const minuteSeconds = 60;

interface OpenedLimiters {
  readonly people: Limiters;
  readonly peopleOf: ReadonlyMap<string, Limiters>;
  readonly clients: Limiters;
}

const opened = new WeakMap<Db, OpenedLimiters>();

function limitersOf(db: Db): OpenedLimiters {
  const known = opened.get(db);
  if (known !== undefined) return known;
  const own = Object.entries(triesOfAddress).map(([dialect, tries]) => [dialect, openLimiters(db, '', tries)] as const);
  const fresh = { people: openLimiters(db, ''), peopleOf: new Map(own), clients: openLimiters(db, 'client-') };
  opened.set(db, fresh);
  return fresh;
}

/** All APIs count in the same rows, and each refuses at its own number. */
function peopleOf(db: Db, dialect: string | undefined): Limiters {
  const { people, peopleOf: own } = limitersOf(db);
  return own.get(dialect ?? '') ?? people;
}

function openLimiters(
  db: Db,
  whose: '' | 'client-',
  ofAddress: number = domainLimits.failedSignInsPerAddress,
): Limiters {
  const { failedSignInsPerName: ofName } = domainLimits;
  return {
    names: openLimiter(db, { name: `${whose}name`, tries: ofName, windowSeconds: 15 * minuteSeconds }),
    addresses: openLimiter(db, { name: `${whose}address`, tries: ofAddress, windowSeconds: 60 * minuteSeconds }),
  };
}

/** Begins with the key of the name, so that all networks of a name are found. */
function keyOfBoth(name: string, address: string | undefined): string {
  return `${keyOf(name)}:${keyOf(address === undefined ? '' : networkOf(address))}`;
}

/** A key of one length, whatever a client sends: names are long and hold NUL. */
function keyOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
