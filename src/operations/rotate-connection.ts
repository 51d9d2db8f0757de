import type { Caller } from '#domain/caller.ts';
import { checkAdministers, checkHolds } from '#domain/check-holds.ts';
import { appendJournal } from '#journal/append-journal.ts';
import { livePrefixes, revokeOldTokens } from '#store/credentials.ts';
import type { Db } from '#store/database.ts';
import { checkLifetime } from './check-connection.ts';
import { type Issued, issueToken, liveTokensMax } from './issue-token.ts';
import { lockConnection } from './lock-connection.ts';

/**
 * Gives a connection a new token. The newest one before it goes on working, older ones end. Whoever gets the token may do
 * what the connection may, so nobody rotates one that may do more than he. Raises `forbidden`, `invalid_value`,
 * `not_found`.
 */
export async function rotateConnection(
  caller: Caller,
  db: Db,
  nameOrId: string,
  tokenLifetimeDays: number,
): Promise<Issued> {
  checkAdministers(caller);
  checkLifetime(tokenLifetimeDays);
  return db.transaction(async (tx) => {
    const connection = await lockConnection(caller, tx, nameOrId);
    checkHolds(caller, connection.rights);
    const { tenant } = caller;
    const from = await livePrefixes(tx, tenant, connection.id, 'token');
    revokeOldTokens(tx, tenant, connection.id, 'token', liveTokensMax - 1);
    const issued = issueToken(tx, tenant, connection, tokenLifetimeDays);
    const to = [issued.prefix, ...from.slice(0, liveTokensMax - 1)];
    const differences = [{ path: 'tokens', from, to }];
    appendJournal(tx, caller, { action: 'updated', kind: 'Connection', id: connection.id, differences });
    return issued;
  });
}
