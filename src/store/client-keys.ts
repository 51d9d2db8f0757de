import { type ConnectionHolder, holderFrom } from './connections.ts';
import type { Db, Tx } from './database.ts';

/** A public key of a connection: a JWK, RFC 7517, by its RFC 7638 thumbprint. */
export interface ClientKey {
  readonly thumbprint: string;
  readonly jwk: Readonly<Record<string, string>>;
}

/** A live connection that signs, and the keys it may sign with. */
export interface SigningClient {
  readonly holder: ConnectionHolder;
  readonly keys: readonly ClientKey[];
}

const findStatement = {
  name: 'find-signing-client',
  text: `select k.thumbprint, k.jwk, 'access' as kind, n.tenant, n.id as connection, n.dialect, n.profile, n.rights,
      n.franchisee, n.rate_per_second
    from client_key k join connection n on n.tenant = k.tenant and n.id = k.connection and n.revoked_at is null
    where k.connection = $1 order by k.created_at desc`,
};

/** The live connection of this id, if it has keys. An id is a UUID. */
export async function findSigningClient(db: Db, connection: string): Promise<SigningClient | undefined> {
  const rows = await db.read(findStatement, [connection]);
  const [first] = rows;
  if (first === undefined) return undefined;
  const keys = rows.map(({ thumbprint, jwk }) => ({ thumbprint, jwk }) as unknown as ClientKey);
  return { holder: holderFrom(first) as ConnectionHolder, keys };
}

const listStatement = {
  name: 'list-client-keys',
  text: 'select thumbprint from client_key where tenant = $1 and connection = $2 order by created_at desc, thumbprint',
};

/** The thumbprints of a connection's keys, the newest first. */
export async function listClientKeys(tx: Tx, tenant: number, connection: string): Promise<readonly string[]> {
  return (await tx.run(listStatement, [tenant, connection])).map((row) => row.thumbprint as string);
}

const insertStatement = {
  name: 'insert-client-key',
  text: 'insert into client_key (tenant, connection, thumbprint, jwk) values ($1, $2, $3, $4)',
};

/** Lets a connection sign with a key. */
export function insertClientKey(tx: Tx, tenant: number, connection: string, { thumbprint, jwk }: ClientKey): void {
  tx.send(insertStatement, [tenant, connection, thumbprint, JSON.stringify(jwk)]);
}

const deleteStatement = {
  name: 'delete-client-key',
  text: 'delete from client_key where tenant = $1 and connection = $2 and thumbprint = $3',
};

/** Takes a key away from a connection: what it signed is refused from now on. */
export function deleteClientKey(tx: Tx, tenant: number, connection: string, thumbprint: string): void {
  tx.send(deleteStatement, [tenant, connection, thumbprint]);
}
