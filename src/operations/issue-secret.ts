import { newToken } from '#access/token.ts';
import type { Caller } from '#domain/caller.ts';
import { checkAdministers, checkHolds } from '#domain/check-holds.ts';
import { appendJournal } from '#journal/append-journal.ts';
import { insertToken, livePrefixes, revokeOldTokens } from '#store/credentials.ts';
import type { Db } from '#store/database.ts';
import { checkLifetime } from './check-connection.ts';
import { liveTokensMax } from './issue-token.ts';
import { lockConnection } from './lock-connection.ts';

const daySeconds = 86_400;

/** A client id of OAuth and its new secret. The secret is shown once. */
export interface IssuedSecret {
  readonly connection: string;
  readonly secret: string;
  /** How it begins: what people may see of it later. */
  readonly prefix: string;
}

/**
 * Gives a connection a secret with which it gets access tokens: RFC 6749 section 2.3.1. The newest one before it goes on
 * working, older ones end. Raises `forbidden`, `invalid_value`, `not_found`.
 */
export async function issueSecret(
  caller: Caller,
  db: Db,
  nameOrId: string,
  lifetimeDays: number,
): Promise<IssuedSecret> {
  checkAdministers(caller);
  checkLifetime(lifetimeDays);
  return db.transaction(async (tx) => {
    const connection = await lockConnection(caller, tx, nameOrId);
    checkHolds(caller, connection.rights);
    const { tenant } = caller;
    const { id } = connection;
    const from = await livePrefixes(tx, tenant, id, 'secret');
    revokeOldTokens(tx, tenant, id, 'secret', liveTokensMax - 1);
    const { token, hash, prefix } = newToken('mst');
    insertToken(tx, tenant, id, { kind: 'secret', hash, prefix, lifetimeSeconds: lifetimeDays * daySeconds });
    const to = [prefix, ...from.slice(0, liveTokensMax - 1)];
    appendJournal(tx, caller, {
      ...{ action: 'updated', kind: 'Connection', id },
      differences: [{ path: 'secrets', from, to }],
    });
    return { connection: id, secret: token, prefix };
  });
}
