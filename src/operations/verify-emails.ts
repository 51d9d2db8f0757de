import type { Values } from '#attributes/attribute.ts';
import { userType } from '#attributes/resource-type.ts';
import { type Caller, checkRight } from '#domain/caller.ts';
import { readValues } from '#domain/document.ts';
import { Fault } from '#domain/fault.ts';
import { appendJournal } from '#journal/append-journal.ts';
import type { Db } from '#store/database.ts';
import { lockResource } from '#store/find-resource.ts';
import { trustEmails } from '#store/unverified-emails.ts';

/**
 * Says that the e-mail addresses of a superuser are his, so that they serve sign-in and reset again after somebody without
 * the right `superuser` changed them (V-0b). Gives those that did not serve before. Raises `forbidden`, `not_found`.
 */
export async function verifyEmails(caller: Caller, db: Db, person: string): Promise<readonly string[]> {
  checkRight(caller, 'superuser');
  return db.transaction(async (tx) => {
    const locked = await lockResource(tx, caller, userType, person);
    if (locked === undefined) throw new Fault('not_found', 'there is no such User');
    const { emails = [] } = readValues(userType, locked.resource.document);
    const addresses = (emails as readonly Values[]).map(({ value }) => String(value));
    const { id } = locked.resource;
    const verified = await trustEmails(tx, caller.tenant, id, addresses);
    if (verified.length === 0) return [];
    const differences = [{ path: 'verifiedEmails', to: verified.sort() }];
    appendJournal(tx, caller, { action: 'updated', kind: 'User', id, differences });
    return verified;
  });
}
