import { endSessions } from '#access/sessions.ts';
import type { Difference } from '#domain/difference.ts';
import type { Tx } from '#store/database.ts';
import { savePassword } from '#store/passwords.ts';
import { clearTries, setMustChange } from '#store/sign-in-state.ts';

/** How long a temporary password is good. */
const temporaryLifetimeSeconds = 72 * 3_600;

interface HashedPassword {
  readonly hash: string;
  readonly temporary?: true;
}

/** A password that is about to replace another. */
export interface NewPassword extends HashedPassword {
  /** Whether the person has to choose another one; absent: as before. */
  readonly mustChange?: boolean;
}

/**
 * Gives a person his first password, in the transaction that puts him on the roll: he has nothing that it would end. Gives
 * what changed, for the journal.
 */
export function saveFirstPassword(
  tx: Tx,
  tenant: number,
  person: string,
  { hash, temporary }: HashedPassword,
): Difference[] {
  savePassword(tx, tenant, person, hash, temporary && temporaryLifetimeSeconds);
  return [{ path: 'password' }];
}

/**
 * Gives a person a password, in the transaction that holds him: failures and lock are forgotten, every session and every
 * waiting reset ends. Gives what changed, for the journal; the password itself has no values there.
 */
export async function replacePassword(
  tx: Tx,
  tenant: number,
  person: string,
  { hash, temporary, mustChange }: NewPassword,
): Promise<Difference[]> {
  savePassword(tx, tenant, person, hash, temporary && temporaryLifetimeSeconds);
  const cleared = await clearTries(tx, tenant, person, false);
  const must = mustChange ?? cleared?.mustChange ?? false;
  const mustBefore = cleared?.mustChange ?? false;
  if (must !== mustBefore) setMustChange(tx, tenant, person, must);
  await endSessions(tx, tenant, person);
  const lockedUntil = cleared?.lockedUntil;
  return [
    { path: 'password' },
    ...(must === mustBefore ? [] : [mustChangeDifference(must)]),
    ...(lockedUntil === undefined ? [] : [{ path: 'muster.lockedUntil', from: lockedUntil }]),
  ];
}

function mustChangeDifference(must: boolean): Difference {
  const path = 'muster.mustChangePassword';
  return must ? { path, to: true } : { path, from: true };
}
