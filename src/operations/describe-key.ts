import { type Caller, noConnection } from '#domain/caller.ts';
import { Fault } from '#domain/fault.ts';
import type { ShownGroup } from '#domain/group-choice.ts';
import type { Namespace } from '#domain/person.ts';
import { findKeyOfConnection } from '#store/api-keys.ts';
import { findConnection } from '#store/connections.ts';
import type { Db } from '#store/database.ts';

/** The user that a connection is to the clients of an API that knows only users. */
export interface KeyUser {
  readonly connection: string;
  readonly name: string;
  /** Absent for a connection that was not made as a key. */
  readonly number?: number;
  readonly group: ShownGroup;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/**
 * What the connection that asks is to such clients. One that was not made as a key is of the superusers where it may do what
 * they may, else of everybody. Raises `forbidden` for a caller who is no connection.
 */
export async function describeKey(caller: Caller, db: Db, namespace: Namespace): Promise<KeyUser> {
  const { tenant, connection, rights } = caller;
  if (connection === noConnection) throw new Fault('forbidden', 'only a connection is a key');
  const key = await findKeyOfConnection(db, tenant, namespace, connection);
  if (key !== undefined) {
    const { name, userNumber, group, createdAt, updatedAt } = key;
    return { connection, name, number: userNumber, group, createdAt, updatedAt };
  }
  const found = await findConnection(db, tenant, connection);
  if (found === undefined) throw new Fault('not_found', 'there is no such connection');
  const { name, createdAt } = found;
  const group = rights.includes('superuser') ? 'superusers' : 'everybody';
  return { connection, name, group, createdAt, updatedAt: createdAt };
}
