import type { Caller } from '#domain/caller.ts';
import { appendJournal } from '#journal/append-journal.ts';
import type { Tx } from '#store/database.ts';
import { type ClearedState, clearTries } from '#store/sign-in-state.ts';

/**
 * Forgets the failed tries of a person, and that he is locked out, which the journal then tells; `signsIn` says whether he
 * does. Gives his state before. Undefined: there is no such person, or he is inactive and so does not sign in.
 */
export async function forgetTries(
  caller: Caller,
  tx: Tx,
  id: string,
  signsIn: boolean,
): Promise<ClearedState | undefined> {
  const cleared = await clearTries(tx, caller.tenant, id, signsIn);
  if (cleared?.lockedUntil !== undefined) {
    const differences = [{ path: 'muster.lockedUntil', from: cleared.lockedUntil }];
    appendJournal(tx, caller, { action: 'updated', kind: 'User', id, differences });
  }
  return cleared;
}
