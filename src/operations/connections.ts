import { uuidv7 } from 'uuidv7';
import { newToken } from '#access/token.ts';
import type { Right } from '#domain/caller.ts';
import { Fault } from '#domain/fault.ts';
import {
  type Connection,
  holdConnection,
  insertConnection,
  insertToken,
  listConnections as listRows,
  revokeOldTokens,
  revokeConnection as revokeRow,
} from '#store/connections.ts';
import type { Db, Tx } from '#store/database.ts';
import { findTenant } from '#store/tenants.ts';
import { checkName } from './check-name.ts';

/** How many tokens of one connection live at a time, so that one can be replaced before the other ends. */
export const liveTokensMax = 2;

/** A connection that somebody wants. */
export interface ConnectionWish {
  readonly tenant: string;
  readonly name: string;
  readonly dialect: string;
  readonly profile: string;
  readonly rights: readonly Right[];
  readonly tokenLifetimeDays: number;
}

/** A connection and its new token. The token is shown once. */
export interface Issued {
  readonly connection: string;
  readonly token: string;
}

/**
 * Makes a connection with its first token. For the command line, whose user owns the database. Raises `already_exists`,
 * `invalid_value`, `not_found`.
 */
export async function createConnection(db: Db, wish: ConnectionWish): Promise<Issued> {
  const tenant = await tenantOf(db, wish.tenant);
  checkName(wish.name);
  return db.transaction(async (tx) => issueConnection(tx, tenant, wish));
}

/** Puts a connection and its first token on record. The commit raises `already_exists`. */
export function issueConnection(tx: Tx, tenant: number, wish: Omit<ConnectionWish, 'tenant'>): Issued {
  const id = uuidv7();
  insertConnection(tx, tenant, { ...wish, id });
  return issueToken(tx, tenant, id, wish.tokenLifetimeDays);
}

function issueToken(tx: Tx, tenant: number, connection: string, lifetimeDays: number): Issued {
  const { token, hash, prefix } = newToken();
  insertToken(tx, tenant, connection, { hash, prefix, lifetimeDays });
  return { connection, token };
}

/** All connections of a tenant. Raises `not_found` for an unknown tenant. */
export async function listConnections(db: Db, tenant: string): Promise<Connection[]> {
  return listRows(db, await tenantOf(db, tenant));
}

/** Gives a connection a new token. The newest one before it goes on working, older ones end. Raises `not_found`. */
export async function rotateConnection(
  db: Db,
  tenant: string,
  nameOrId: string,
  tokenLifetimeDays: number,
): Promise<Issued> {
  const number = await tenantOf(db, tenant);
  const { id } = await liveConnection(db, number, nameOrId);
  return db.transaction(async (tx) => {
    if (!(await holdConnection(tx, number, id))) throw unknownConnection();
    revokeOldTokens(tx, number, id, liveTokensMax - 1);
    return issueToken(tx, number, id, tokenLifetimeDays);
  });
}

/** Ends a connection at its next request. Gives it back as it was. Raises `not_found`. */
export async function revokeConnection(db: Db, tenant: string, nameOrId: string): Promise<Connection> {
  const number = await tenantOf(db, tenant);
  const connection = await liveConnection(db, number, nameOrId);
  await db.transaction(async (tx) => revokeRow(tx, number, connection.id));
  return connection;
}

async function liveConnection(db: Db, tenant: number, nameOrId: string): Promise<Connection> {
  const live = (await listRows(db, tenant)).filter(({ revokedAt }) => revokedAt === undefined);
  const found = live.find(({ id, name }) => id === nameOrId || name === nameOrId);
  if (found === undefined) throw unknownConnection();
  return found;
}

function unknownConnection(): Fault {
  return new Fault('not_found', 'there is no live connection of this name or id in this tenant');
}

/** The number of a tenant by its name. Raises `not_found`. */
async function tenantOf(db: Db, name: string): Promise<number> {
  const tenant = await findTenant(db, name);
  if (tenant === undefined)
    throw new Fault(
      'not_found',
      'there is no tenant of this name; make it with: npx --no-install muster tenant create',
    );
  return tenant;
}
