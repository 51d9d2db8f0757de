import type { Caller } from '#domain/caller.ts';
import { checkAdministers } from '#domain/check-holds.ts';
import { Fault } from '#domain/fault.ts';

/** Raises `forbidden` unless the caller administers the whole tenant: the journal tells of everybody in it. */
export function checkReadsJournal(caller: Caller): void {
  checkAdministers(caller);
  if (caller.franchisee === undefined) return;
  throw new Fault('forbidden', 'the journal is not for who is bound to one franchisee', { wrongCredential: true });
}
