import type { Right } from '#domain/caller.ts';
import { isId } from '#domain/is-id.ts';
import type { Db, Row, Tx } from './database.ts';

/** What happens when a connection deactivates too many people at once: the rest is held, told of, or neither. */
export const guards = ['hold', 'alert', 'off'] as const;

/** The forms that tokens can have. */
export type TokenForm = 'mst' | 'uuid' | 'mb';

/** An integration: who may ask, in which dialect, with which rights. */
export interface Connection {
  readonly id: string;
  readonly name: string;
  readonly dialect: string;
  readonly profile: string;
  readonly rights: readonly Right[];
  readonly tokenForm: TokenForm;
  /** The org unit of the only franchisee whose people it sees and touches. */
  readonly franchisee?: string;
  /** Its own rate; absent where it has that of its dialect. */
  readonly ratePerSecond?: number;
  readonly guard: (typeof guards)[number];
  readonly createdAt: string;
  readonly revokedAt?: string;
  /** The connection that took its external ids over. */
  readonly replacedBy?: string;
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

/** The holder in a row that has the columns of the look-up. */
export function holderFrom(row: Row): Holder {
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

const columns = `id, name, dialect, profile, rights, token_form, franchisee, rate_per_second, guard, created_at, revoked_at,
  replaced_by`;

function connectionFrom(row: Row): Connection {
  return {
    id: row.id as string,
    name: row.name as string,
    dialect: row.dialect as string,
    profile: row.profile as string,
    rights: row.rights as Right[],
    tokenForm: row.token_form as TokenForm,
    ...(row.franchisee !== null && { franchisee: row.franchisee as string }),
    ...(row.rate_per_second !== null && { ratePerSecond: row.rate_per_second as number }),
    guard: row.guard as Connection['guard'],
    createdAt: row.created_at as string,
    ...(row.revoked_at !== null && { revokedAt: row.revoked_at as string }),
    ...(row.replaced_by !== null && { replacedBy: row.replaced_by as string }),
  };
}

/** What somebody decides about a connection. */
export type ConnectionFacts = Omit<Connection, 'id' | 'createdAt' | 'revokedAt' | 'replacedBy'>;

const insertStatement = {
  name: 'insert-connection',
  text: `insert into connection (tenant, id, name, dialect, profile, rights, token_form, franchisee, rate_per_second, guard)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
};

/** Puts a connection on record. The commit raises `already_exists` when a live one of the tenant has the name. */
export function insertConnection(tx: Tx, tenant: number, id: string, facts: ConnectionFacts): void {
  const { name, dialect, profile, rights, tokenForm, franchisee = null, ratePerSecond = null, guard } = facts;
  tx.send(insertStatement, [
    ...[tenant, id, name, dialect, profile, rights, tokenForm],
    ...[franchisee, ratePerSecond, guard],
  ]);
}

const saveStatement = {
  name: 'save-connection',
  text: `update connection set name = $3, profile = $4, rights = $5, franchisee = $6, rate_per_second = $7, guard = $8
    where tenant = $1 and id = $2`,
};

/** Saves what can change about a connection. The commit raises `already_exists` when a live one has the name. */
export function saveConnection(tx: Tx, tenant: number, connection: Connection): void {
  const { id, name, profile, rights, franchisee = null, ratePerSecond = null, guard } = connection;
  tx.send(saveStatement, [tenant, id, name, profile, rights, franchisee, ratePerSecond, guard]);
}

const listStatement = {
  name: 'list-connections',
  text: `select ${columns} from connection where tenant = $1 order by created_at, id`,
};

/** All connections of a tenant, revoked ones too, oldest first. */
export async function listConnections(db: Db, tenant: number): Promise<Connection[]> {
  return (await db.read(listStatement, [tenant])).map(connectionFrom);
}

// One rule of who is meant, for reading and for changing.
const meant = `select ${columns} from connection
  where tenant = $1 and (id = $3::uuid or (name = $2 and revoked_at is null)) order by id = $3::uuid desc limit 1`;

function meantValues(tenant: number, nameOrId: string): readonly unknown[] {
  return [tenant, nameOrId, isId(nameOrId) ? nameOrId : null];
}

const findStatement = { name: 'find-connection', text: meant };

/** A connection by its id, also one that ended; else the live one that has the name. */
export async function findConnection(db: Db, tenant: number, nameOrId: string): Promise<Connection | undefined> {
  const [row] = await db.read(findStatement, meantValues(tenant, nameOrId));
  return row && connectionFrom(row);
}

const lockStatement = { name: 'lock-connection', text: `${meant} for no key update` };

/** The connection that `findConnection` finds if it is live, held until the transaction ends: its tokens are given one by one. */
export async function lockConnection(tx: Tx, tenant: number, nameOrId: string): Promise<Connection | undefined> {
  const [row] = await tx.run(lockStatement, meantValues(tenant, nameOrId));
  return row?.revoked_at === null ? connectionFrom(row) : undefined;
}

const revokeStatement = {
  name: 'revoke-connection',
  text: 'update connection set revoked_at = now(), replaced_by = $3 where tenant = $1 and id = $2',
};

/** Ends a connection, for another or for none: none of its tokens works at the next request. */
export function revokeConnection(tx: Tx, tenant: number, connection: string, replacedBy?: string): void {
  tx.send(revokeStatement, [tenant, connection, replacedBy ?? null]);
}
