import type { Caller } from '#domain/caller.ts';
import { Fault } from '#domain/fault.ts';
import { domainLimits } from '#domain/limits.ts';
import type { Connection } from '#store/connections.ts';
import { listTokens, type Token } from '#store/credentials.ts';
import type { Db } from '#store/database.ts';
import { listConnections } from './list-connections.ts';

/** One connection with its newest tokens. */
export interface ShownConnection extends Connection {
  readonly tokens: readonly Token[];
}

/**
 * A connection of the caller's tenant by its id, or a live one by its name, with its tokens as people may see them.
 * Raises `forbidden`, `not_found`.
 */
export async function getConnection(caller: Caller, db: Db, nameOrId: string): Promise<ShownConnection> {
  const all = await listConnections(caller, db);
  const named = ({ name, revokedAt }: Connection) => name === nameOrId && revokedAt === undefined;
  const found = all.find(({ id }) => id === nameOrId.toLowerCase()) ?? all.find(named);
  if (found === undefined) throw new Fault('not_found', 'there is no connection of this name or id in this tenant');
  return { ...found, tokens: await listTokens(db, caller.tenant, found.id, domainLimits.listedTokens) };
}
