import { type ConnectionHolder, holderFrom } from './connections.ts';
import type { Db, Tx } from './database.ts';

/** An Entra tenant, and for whom it makes tokens. */
export interface Issuer {
  /** A UUID in lower case. */
  readonly entraTenant: string;
  readonly audience: string;
}

const findStatement = {
  name: 'find-trusted-issuer',
  text: `select 'access' as kind, n.tenant, n.id as connection, n.dialect, n.profile, n.rights, n.franchisee,
      n.rate_per_second
    from trusted_issuer i join connection n on n.tenant = i.tenant and n.id = i.connection and n.revoked_at is null
    where i.entra_tenant = $1 and i.audience = $2`,
};

/** The live connection for which tokens of this issuer and audience are taken. */
export async function findTrusting(
  db: Db,
  entraTenant: string,
  audience: string,
): Promise<ConnectionHolder | undefined> {
  const [row] = await db.read(findStatement, [entraTenant, audience]);
  return row && (holderFrom(row) as ConnectionHolder);
}

const trustStatement = {
  name: 'trust-issuer',
  text: `insert into trusted_issuer (tenant, connection, entra_tenant, audience) values ($1, $2, $3, $4)
    on conflict (entra_tenant, audience) do update
      set tenant = excluded.tenant, connection = excluded.connection, created_at = now()
      where exists (select from connection n where n.tenant = trusted_issuer.tenant
        and n.id = trusted_issuer.connection and n.revoked_at is not null)
    returning 1`,
};

/** Takes the tokens of an issuer for a connection. Whether it could: not while they are taken for a live one. */
export async function trustIssuer(tx: Tx, tenant: number, connection: string, issuer: Issuer): Promise<boolean> {
  const rows = await tx.run(trustStatement, [tenant, connection, issuer.entraTenant, issuer.audience]);
  return rows.length === 1;
}

const listStatement = {
  name: 'list-trusted-issuers',
  text: `select entra_tenant, audience from trusted_issuer where tenant = $1 and connection = $2
    order by entra_tenant, audience`,
};

/** The issuers whose tokens are taken for a connection. */
export async function listTrusted(tx: Tx, tenant: number, connection: string): Promise<readonly Issuer[]> {
  return (await tx.run(listStatement, [tenant, connection])).map((row) => ({
    entraTenant: row.entra_tenant as string,
    audience: row.audience as string,
  }));
}

const distrustStatement = {
  name: 'distrust-issuers',
  text: 'delete from trusted_issuer where tenant = $1 and connection = $2',
};

/** Takes no tokens but our own for a connection any more. */
export function distrustIssuers(tx: Tx, tenant: number, connection: string): void {
  tx.send(distrustStatement, [tenant, connection]);
}
