import type { Db, Tx } from './database.ts';
import type { Assertion } from './spent-assertions.ts';

/** What a connection showed to get an access token: a secret, or what it signed with one of its keys. */
export type ClientCredential =
  | { readonly kind: 'secret'; readonly hash: Buffer }
  | { readonly kind: 'key'; readonly thumbprint: string; readonly assertion: Assertion };

const secretStatement = {
  name: 'live-secret',
  text: `select 1 from credential where tenant = $1 and connection = $2 and hash = $3 and kind = 'secret'
    and revoked_at is null and expires_at > now()`,
};

const keyStatement = {
  name: 'live-client-key',
  text: 'select 1 from client_key where tenant = $1 and connection = $2 and thumbprint = $3',
};

/** Whether the connection still has what it showed. It stays so while the transaction holds the connection. */
export async function isCredentialLive(
  tx: Tx,
  tenant: number,
  connection: string,
  credential: ClientCredential,
): Promise<boolean> {
  const rows =
    credential.kind === 'secret'
      ? await tx.run(secretStatement, [tenant, connection, credential.hash])
      : await tx.run(keyStatement, [tenant, connection, credential.thumbprint]);
  return rows.length === 1;
}

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
