import { newToken } from '#access/token.ts';
import type { Caller } from '#domain/caller.ts';
import { domainLimits } from '#domain/limits.ts';
import { dropOldAccessTokens } from '#store/access-tokens.ts';
import { insertToken } from '#store/credentials.ts';
import type { Db } from '#store/database.ts';

/**
 * Gives a connection that has proved who it is a token that lives for some hours: RFC 6749 section 4.4. It may do what the
 * connection may at the moment of use, and ends with it. Not in the journal: it changes nothing that lasts.
 */
export async function issueAccessToken(
  { tenant, connection }: Caller,
  db: Db,
  lifetimeSeconds: number,
): Promise<{ readonly token: string }> {
  const { token, hash, prefix } = newToken('mst');
  await db.transaction(async (tx) => {
    dropOldAccessTokens(tx, tenant, connection, domainLimits.accessTokens - 1);
    insertToken(tx, tenant, connection, { kind: 'access', hash, prefix, lifetimeSeconds });
  });
  return { token };
}
