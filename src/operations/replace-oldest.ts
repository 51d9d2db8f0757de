import type { Caller } from '#domain/caller.ts';
import { checkAdministers, checkHolds } from '#domain/check-holds.ts';
import { appendJournal } from '#journal/append-journal.ts';
import type { Connection } from '#store/connections.ts';
import { livePrefixes, revokeOldTokens } from '#store/credentials.ts';
import type { Db, Tx } from '#store/database.ts';
import { checkLifetime } from './check-connection.ts';
import { liveTokensMax } from './issue-token.ts';
import { lockConnection } from './lock-connection.ts';

/** What is issued to which connection, and for how long. */
export interface Issue<Issued> {
  readonly nameOrId: string;
  readonly kind: 'token' | 'secret';
  readonly lifetimeDays: number;
  /** Makes it live, and gives what the caller is shown. */
  readonly make: (tx: Tx, connection: Connection) => Issued;
}

/**
 * Gives a connection a new credential. The newest one before it goes on working, older ones end. Whoever gets it may do
 * what the connection may, so nobody has one made that may do more than he. Raises `forbidden`, `invalid_value`,
 * `not_found`.
 */
export async function replaceOldest<Issued extends { readonly prefix: string }>(
  caller: Caller,
  db: Db,
  { nameOrId, kind, lifetimeDays, make }: Issue<Issued>,
): Promise<Issued> {
  checkAdministers(caller);
  checkLifetime(lifetimeDays);
  return db.transaction(async (tx) => {
    const connection = await lockConnection(caller, tx, nameOrId);
    checkHolds(caller, connection.rights);
    const { tenant } = caller;
    const { id } = connection;
    const from = await livePrefixes(tx, tenant, id, kind);
    revokeOldTokens(tx, tenant, id, kind, liveTokensMax - 1);
    const issued = make(tx, connection);
    const to = [issued.prefix, ...from.slice(0, liveTokensMax - 1)];
    const differences = [{ path: `${kind}s`, from, to }];
    appendJournal(tx, caller, { action: 'updated', kind: 'Connection', id, differences });
    return issued;
  });
}
