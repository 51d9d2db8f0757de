import type { Db, Tx } from './database.ts';

const dropStatement = {
  name: 'drop-old-access-tokens',
  text: `delete from credential where tenant = $1 and connection = $2 and kind = 'access' and hash in (
    select hash from credential where tenant = $1 and connection = $2 and kind = 'access'
    order by created_at desc, hash offset $3)`,
};

/** Ends all access tokens of a connection but the newest `keep`. */
export function dropOldAccessTokens(tx: Tx, tenant: number, connection: string, keep: number): void {
  tx.send(dropStatement, [tenant, connection, keep]);
}

const clearStatement = {
  name: 'clear-access-tokens',
  text: `delete from credential where kind = 'access' and expires_at < now()`,
};

/** Removes the access tokens that have expired. */
export async function clearAccessTokens(db: Db): Promise<void> {
  await db.transaction(async (tx) => tx.send(clearStatement));
}
