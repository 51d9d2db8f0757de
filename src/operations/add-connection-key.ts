import { readClientKey } from '#access/client-key.ts';
import type { Caller } from '#domain/caller.ts';
import { checkAdministers, checkHolds } from '#domain/check-holds.ts';
import { Fault } from '#domain/fault.ts';
import { domainLimits } from '#domain/limits.ts';
import { appendJournal } from '#journal/append-journal.ts';
import { insertClientKey, listClientKeys } from '#store/client-keys.ts';
import type { Db } from '#store/database.ts';
import { lockConnection } from './lock-connection.ts';

/** A connection and a key that it signs with, by its RFC 7638 thumbprint. */
export interface AddedKey {
  readonly connection: string;
  readonly key: string;
}

/**
 * Lets a connection prove who it is with a key of its own: RFC 7523 section 2.2. `jwk` is the text of its public half.
 * Raises `already_exists`, `forbidden`, `invalid_value`, `not_found`, `too_many`.
 */
export async function addConnectionKey(caller: Caller, db: Db, nameOrId: string, jwk: string): Promise<AddedKey> {
  checkAdministers(caller);
  const key = await readClientKey(jwk);
  return db.transaction(async (tx) => {
    const connection = await lockConnection(caller, tx, nameOrId);
    checkHolds(caller, connection.rights);
    const { id } = connection;
    const from = await listClientKeys(tx, caller.tenant, id);
    if (from.includes(key.thumbprint)) throw new Fault('already_exists', 'the connection has this key already');
    if (from.length >= domainLimits.clientKeys) {
      throw new Fault('too_many', `a connection has at most ${domainLimits.clientKeys} keys; remove one first`);
    }
    insertClientKey(tx, caller.tenant, id, key);
    appendJournal(tx, caller, {
      ...{ action: 'updated', kind: 'Connection', id },
      differences: [{ path: 'keys', from, to: [key.thumbprint, ...from] }],
    });
    return { connection: id, key: key.thumbprint };
  });
}
