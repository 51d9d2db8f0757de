import { unknownClient } from '#access/authenticate-client.ts';
import { newToken } from '#access/token.ts';
import type { Caller } from '#domain/caller.ts';
import { domainLimits } from '#domain/limits.ts';
import { type ClientCredential, dropOldAccessTokens, isCredentialLive } from '#store/access-tokens.ts';
import { lockConnection } from '#store/connections.ts';
import { insertToken } from '#store/credentials.ts';
import type { Db } from '#store/database.ts';
import { spendAssertion } from '#store/spent-assertions.ts';

/**
 * Gives a connection that has proved who it is a token that lives for some hours: RFC 6749 section 4.4. It may do what the
 * connection may at the moment of use, and ends with it. What the connection showed is looked up again while the connection
 * is held, as whoever takes a secret or a key holds it: a token is either made before that, and ends with it, or not at
 * all. An assertion is spent together with it: RFC 7523 section 3. Not in the journal: it changes nothing that lasts.
 * Raises `unauthenticated`.
 */
export async function issueAccessToken(
  { tenant, connection }: Caller,
  db: Db,
  credential: ClientCredential,
  lifetimeSeconds: number,
): Promise<{ readonly token: string }> {
  const { token, hash, prefix } = newToken('mst');
  await db.transaction(async (tx) => {
    const [held, isLive] = await Promise.all([
      lockConnection(tx, tenant, connection),
      isCredentialLive(tx, tenant, connection, credential),
    ]);
    if (held === undefined || !isLive) throw unknownClient();
    if (credential.kind === 'key' && !(await spendAssertion(tx, tenant, connection, credential.assertion))) {
      throw unknownClient();
    }
    dropOldAccessTokens(tx, tenant, connection, domainLimits.accessTokens - 1);
    insertToken(tx, tenant, connection, { kind: 'access', hash, prefix, lifetimeSeconds });
  });
  return { token };
}
