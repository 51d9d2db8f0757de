import { nobodysHash, verifyPassword } from '#access/hash-password.ts';
import type { Caller } from '#domain/caller.ts';
import { domainLimits } from '#domain/limits.ts';
import { appendJournal } from '#journal/append-journal.ts';
import type { Db } from '#store/database.ts';
import { type Candidate, countTry, type Lockout } from '#store/sign-in-state.ts';

/** A person is locked out only when more than one network fails: what one alone may try is limited before. */
const lockout: Lockout = {
  failures: domainLimits.failedSignInsPerPerson,
  windowSeconds: 15 * 60,
  lockSeconds: 15 * 60,
};

/**
 * Whether a password is that of a person. A try counts as failed until `clearTries` says otherwise, and locks the person
 * when it is one too many. Unknown, locked out, without a password: each costs the same work
 * of the database and the same hash (T-15). Raises `unavailable`.
 */
export async function provePassword(
  caller: Caller,
  db: Db,
  candidate: Candidate | undefined,
  password: string,
): Promise<'right' | 'outdated' | 'wrong'> {
  const mayTry = await countOne(caller, db, candidate?.id);
  const known = mayTry && candidate?.expired === false ? candidate.hash : undefined;
  return verifyPassword(password, known ?? nobodysHash);
}

/** Whether a try may be made. The row that says that somebody is locked out has its journal row in the same transaction. */
function countOne(caller: Caller, db: Db, person: string | undefined): Promise<boolean> {
  return db.transaction(async (tx) => {
    const counted = await countTry(tx, caller.tenant, person, lockout);
    if (person !== undefined && counted?.lockedUntil !== undefined) {
      appendJournal(tx, caller, {
        action: 'updated',
        kind: 'User',
        id: person,
        differences: [{ path: 'muster.lockedUntil', to: counted.lockedUntil }],
      });
    }
    return counted !== undefined;
  });
}
