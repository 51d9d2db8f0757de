import type { Caller } from '#domain/caller.ts';
import { Fault } from '#domain/fault.ts';
import { type Connection, lockConnection as lockRow } from '#store/connections.ts';
import type { Tx } from '#store/database.ts';

/** A live connection of the caller's tenant by its id, else by its name, held until the transaction ends. Raises `not_found`. */
export async function lockConnection(caller: Caller, tx: Tx, nameOrId: string): Promise<Connection> {
  const connection = await lockRow(tx, caller.tenant, nameOrId);
  if (connection !== undefined) return connection;
  // The same whether it is revoked, of another tenant, or never was.
  throw new Fault('not_found', 'there is no live connection of this name or id in this tenant');
}
