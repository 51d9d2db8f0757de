import type { Db, Row, Tx } from './database.ts';

/** A credential of a connection as the database knows it. */
export interface NewToken {
  readonly kind: 'token' | 'secret' | 'access';
  readonly hash: Buffer;
  /** How it begins, for people. */
  readonly prefix: string;
  readonly lifetimeSeconds: number;
}

const insertStatement = {
  name: 'insert-credential',
  text: `insert into credential (tenant, connection, kind, hash, prefix, expires_at)
    values ($1, $2, $3, $4, $5, now() + make_interval(secs => $6))`,
};

/** Makes a credential of a connection live. */
export function insertToken(tx: Tx, tenant: number, connection: string, token: NewToken): void {
  tx.send(insertStatement, [tenant, connection, token.kind, token.hash, token.prefix, token.lifetimeSeconds]);
}

const livePrefixesStatement = {
  name: 'live-prefixes',
  text: `select prefix from credential where tenant = $1 and connection = $2 and kind = $3 and revoked_at is null
    and expires_at > now() order by created_at desc, hash`,
};

/** How the live credentials of one kind that a connection has begin, the newest first. */
export async function livePrefixes(
  tx: Tx,
  tenant: number,
  connection: string,
  kind: NewToken['kind'],
): Promise<readonly string[]> {
  return (await tx.run(livePrefixesStatement, [tenant, connection, kind])).map((row) => row.prefix as string);
}

const revokeOldStatement = {
  name: 'revoke-old-credentials',
  text: `update credential set revoked_at = now() where tenant = $1 and connection = $2 and kind = $3
    and revoked_at is null and expires_at > now()
    and hash not in (select hash from credential where tenant = $1 and connection = $2 and kind = $3
      and revoked_at is null and expires_at > now() order by created_at desc, hash limit $4)`,
};

/** Revokes all live credentials of one kind that a connection has, but for the newest `keep`. */
export function revokeOldTokens(
  tx: Tx,
  tenant: number,
  connection: string,
  kind: NewToken['kind'],
  keep: number,
): void {
  tx.send(revokeOldStatement, [tenant, connection, kind, keep]);
}

const revokeStatement = {
  name: 'revoke-credential',
  text: `update credential set revoked_at = now() where tenant = $1 and connection = $2 and prefix = $3
    and revoked_at is null and expires_at > now() returning kind`,
};

/**
 * Revokes all that a connection has live that begins so, and gives the kinds of it; none when there was nothing. Two that
 * begin alike end together: better one too many than the leaked one not.
 */
export async function revokeToken(
  tx: Tx,
  tenant: number,
  connection: string,
  prefix: string,
): Promise<readonly NewToken['kind'][]> {
  const rows = await tx.run(revokeStatement, [tenant, connection, prefix]);
  return rows.map(({ kind }) => kind as NewToken['kind']);
}

/** A credential of a connection as people see it. */
export interface Token {
  readonly kind: NewToken['kind'];
  readonly prefix: string;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly lastUsedAt?: string;
  readonly lastUsedAddress?: string;
  readonly revokedAt?: string;
  /** Whether it still opens something, by the database's clock. */
  readonly live: boolean;
}

const listStatement = {
  name: 'list-credentials',
  text: `select c.kind, c.prefix, c.created_at, c.expires_at, c.last_used_at, c.last_used_address,
      coalesce(c.revoked_at, n.revoked_at) as revoked_at,
      c.expires_at > now() and coalesce(c.revoked_at, n.revoked_at) is null as live
    from credential c join connection n on n.tenant = c.tenant and n.id = c.connection
    where c.tenant = $1 and c.connection = $2
    order by c.kind = 'access', c.created_at desc, c.hash limit $3`,
};

/** The newest credentials of a connection, revoked and expired ones too; last its access tokens, which may be many. */
export async function listTokens(db: Db, tenant: number, connection: string, count: number): Promise<Token[]> {
  return (await db.read(listStatement, [tenant, connection, count])).map(tokenFrom);
}

function tokenFrom(row: Row): Token {
  return {
    kind: row.kind as Token['kind'],
    prefix: row.prefix as string,
    createdAt: row.created_at as string,
    expiresAt: row.expires_at as string,
    ...(row.last_used_at !== null && { lastUsedAt: row.last_used_at as string }),
    ...(row.last_used_address !== null && { lastUsedAddress: row.last_used_address as string }),
    ...(row.revoked_at !== null && { revokedAt: row.revoked_at as string }),
    live: row.live as boolean,
  };
}
