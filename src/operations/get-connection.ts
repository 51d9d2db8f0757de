import type { Caller } from '#domain/caller.ts';
import { checkAdministers } from '#domain/check-holds.ts';
import { Fault } from '#domain/fault.ts';
import { domainLimits } from '#domain/limits.ts';
import { listClientKeys } from '#store/client-keys.ts';
import { type Connection, findConnection } from '#store/connections.ts';
import { listTokens, type Token } from '#store/credentials.ts';
import type { Db } from '#store/database.ts';
import { type Issuer, listTrusted } from '#store/trusted-issuers.ts';

/** One connection with all that it can come in with. */
export interface ShownConnection extends Connection {
  /** The newest, secrets and access tokens too. */
  readonly tokens: readonly Token[];
  /** The keys that it signs with, by their RFC 7638 thumbprints. */
  readonly keys: readonly string[];
  /** The Entra tenants whose own tokens are taken for it. */
  readonly entra: readonly Issuer[];
}

/**
 * A connection of the caller's tenant by its id, else the live one of that name, with its tokens and keys as people may
 * see them.
 * Raises `forbidden`, `not_found`.
 */
export async function getConnection(caller: Caller, db: Db, nameOrId: string): Promise<ShownConnection> {
  checkAdministers(caller);
  const { tenant } = caller;
  const found = await findConnection(db, tenant, nameOrId);
  if (found === undefined) throw new Fault('not_found', 'there is no connection of this name or id in this tenant');
  const tokens = await listTokens(db, tenant, found.id, domainLimits.listedTokens);
  const shown = await db.transaction(async (tx) => ({
    keys: await listClientKeys(tx, tenant, found.id),
    entra: await listTrusted(tx, tenant, found.id),
  }));
  return { ...found, tokens, ...shown };
}
