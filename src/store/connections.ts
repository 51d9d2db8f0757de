import type { Right } from '#domain/caller.ts';
import type { Db, Row, Tx } from './database.ts';

/** An integration: who may ask, in which dialect, with which rights. */
export interface Connection {
  readonly id: string;
  readonly name: string;
  readonly dialect: string;
  readonly profile: string;
  readonly rights: readonly Right[];
  readonly createdAt: string;
  readonly revokedAt?: string;
}

/** What a live token of a connection says about who holds it. */
export interface ConnectionHolder {
  readonly kind: 'token' | 'secret' | 'access';
  readonly tenant: number;
  readonly connection: string;
  readonly dialect: string;
  readonly profile: string;
  readonly rights: readonly Right[];
  readonly franchisee?: string;
  /** The connection's own rate; absent where it has that of its dialect. */
  readonly ratePerSecond?: number;
}

/** What the token of a person's session says; the session itself says how long it lasts and where it is good. */
export interface SessionHolder {
  readonly kind: 'session';
  readonly tenant: number;
  readonly person: string;
}

export type Holder = ConnectionHolder | SessionHolder;

const holdersStatement = {
  name: 'holders',
  text: `select encode(c.hash, 'hex') as hash, c.kind, c.tenant, c.connection, c.person, n.dialect, n.profile, n.rights,
      n.franchisee, n.rate_per_second
    from credential c left join connection n on n.tenant = c.tenant and n.id = c.connection and n.revoked_at is null
    where c.hash = any($1::bytea[]) and c.revoked_at is null and c.expires_at > now()
      and (n.id is not null or c.person is not null)`,
};

/**
 * Who holds each of these tokens, by the hexadecimal hash. Tokens that expired or were revoked are nobody's. The clock
 * is the database's.
 */
export async function findHolders(db: Db, hashes: readonly Buffer[]): Promise<ReadonlyMap<string, Holder>> {
  const rows = await db.read(holdersStatement, [hashes]);
  return new Map(rows.map((row) => [row.hash as string, holderFrom(row)]));
}

function holderFrom(row: Row): Holder {
  const tenant = row.tenant as number;
  const kind = row.kind as Holder['kind'];
  if (kind === 'session') return { kind, tenant, person: row.person as string };
  return {
    kind,
    tenant,
    connection: row.connection as string,
    dialect: row.dialect as string,
    profile: row.profile as string,
    rights: row.rights as Right[],
    ...(row.franchisee !== null && { franchisee: row.franchisee as string }),
    ...(row.rate_per_second !== null && { ratePerSecond: row.rate_per_second as number }),
  };
}

const insertStatement = {
  name: 'insert-connection',
  text: 'insert into connection (tenant, id, name, dialect, profile, rights) values ($1, $2, $3, $4, $5, $6)',
};

/** Puts a connection on record. The commit raises `already_exists` when a live one of the tenant has the name. */
export function insertConnection(tx: Tx, tenant: number, fresh: Omit<Connection, 'createdAt' | 'revokedAt'>): void {
  tx.send(insertStatement, [tenant, fresh.id, fresh.name, fresh.dialect, fresh.profile, fresh.rights]);
}

const listStatement = {
  name: 'list-connections',
  text: `select id, name, dialect, profile, rights, created_at, revoked_at from connection where tenant = $1 order by created_at, id`,
};

/** All connections of a tenant, revoked ones too, oldest first. */
export async function listConnections(db: Db, tenant: number): Promise<Connection[]> {
  return (await db.read(listStatement, [tenant])).map((row) => ({
    id: row.id as string,
    name: row.name as string,
    dialect: row.dialect as string,
    profile: row.profile as string,
    rights: row.rights as Right[],
    createdAt: row.created_at as string,
    ...(row.revoked_at !== null && { revokedAt: row.revoked_at as string }),
  }));
}

const insertTokenStatement = {
  name: 'insert-credential',
  text: `insert into credential (hash, tenant, connection, prefix, expires_at)
    values ($1, $2, $3, $4, now() + make_interval(days => $5))`,
};

/** A token as the database knows it. */
export interface NewToken {
  readonly hash: Buffer;
  readonly prefix: string;
  readonly lifetimeDays: number;
}

/** Makes a token live. */
export function insertToken(tx: Tx, tenant: number, connection: string, token: NewToken): void {
  tx.send(insertTokenStatement, [token.hash, tenant, connection, token.prefix, token.lifetimeDays]);
}

const revokeOldTokensStatement = {
  name: 'revoke-old-credentials',
  text: `update credential set revoked_at = now() where tenant = $1 and connection = $2 and revoked_at is null
    and hash not in (select hash from credential where tenant = $1 and connection = $2 and revoked_at is null
      and expires_at > now() order by created_at desc, hash limit $3)`,
};

/** Revokes all live tokens of a connection but the newest `keep`. */
export function revokeOldTokens(tx: Tx, tenant: number, connection: string, keep: number): void {
  tx.send(revokeOldTokensStatement, [tenant, connection, keep]);
}

const holdStatement = {
  name: 'hold-connection',
  text: 'select from connection where tenant = $1 and id = $2 and revoked_at is null for no key update',
};

/** Whether there is such a live connection; it is held until the transaction ends, so that its tokens are given one by one. */
export async function holdConnection(tx: Tx, tenant: number, connection: string): Promise<boolean> {
  return (await tx.run(holdStatement, [tenant, connection])).length === 1;
}

const revokeStatement = {
  name: 'revoke-connection',
  text: 'update connection set revoked_at = now() where tenant = $1 and id = $2 and revoked_at is null',
};

/** Ends a connection: none of its tokens works at the next request. */
export function revokeConnection(tx: Tx, tenant: number, connection: string): void {
  tx.send(revokeStatement, [tenant, connection]);
}
