import { resourceTypes } from '#attributes/resource-type.ts';
import type { Db, Tx } from './database.ts';
import { counterSlots } from './save-resource.ts';

const findStatement = { name: 'find-tenant', text: 'select tenant from tenant where name = $1' };

/** The tenant of this name, or undefined. */
export async function findTenant(db: Db, name: string): Promise<number | undefined> {
  const [row] = await db.read(findStatement, [name]);
  return row?.tenant as number | undefined;
}

const nameStatement = { name: 'tenant-name', text: 'select name from tenant where tenant = $1' };

/** What a tenant is called. */
export async function tenantName(tx: Tx, tenant: number): Promise<string> {
  const [row] = await tx.run(nameStatement, [tenant]);
  return row?.name as string;
}

/** A roll that knows nothing of the others. */
export interface Tenant {
  readonly tenant: number;
  readonly name: string;
  readonly createdAt: string;
}

const listStatement = { name: 'list-tenants', text: 'select tenant, name, created_at from tenant order by name' };

/** All tenants, by name. */
export async function listTenants(db: Db): Promise<readonly Tenant[]> {
  return (await db.read(listStatement, [])).map((row) => ({
    tenant: row.tenant as number,
    name: row.name as string,
    createdAt: row.created_at as string,
  }));
}

const insertStatement = { name: 'insert-tenant', text: 'insert into tenant (name) values ($1) returning tenant' };

/**
 * Makes a tenant with what each needs of its own: the sequences that number its people, groups and org units, and their
 * counters. Raises `already_exists` when the name is taken.
 */
export async function insertTenant(tx: Tx, name: string): Promise<number> {
  const [row] = await tx.run(insertStatement, [name]);
  const tenant = row?.tenant as number;
  for (const type of resourceTypes) {
    tx.send({ text: 'select make_number_sequence($1, $2)', values: [type.table, tenant] });
    tx.send({
      text: `insert into resource_count (tenant, kind, slot, count) select $1, $2, slot, 0 from generate_series(0, ${counterSlots - 1}) as slot`,
      values: [tenant, type.name],
    });
  }
  return tenant;
}
