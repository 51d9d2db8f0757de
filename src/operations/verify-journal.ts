import type { Caller } from '#domain/caller.ts';
import { type Verification, type VerifyOptions, verifyChain } from '#journal/verify-chain.ts';
import type { Db } from '#store/database.ts';
import { checkReadsJournal } from './check-reads-journal.ts';

/**
 * Walks the chain over the journal of the caller's tenant and names the first row that was altered, removed, put in or cut
 * off since it was sealed. T-31. Raises `forbidden`.
 */
export async function verifyJournal(caller: Caller, db: Db, options: VerifyOptions = {}): Promise<Verification> {
  checkReadsJournal(caller);
  return verifyChain(db, caller.tenant, options);
}
