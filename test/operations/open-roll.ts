import type { Client } from 'pg';
import { uuidv7 } from 'uuidv7';
import type { Value, Values } from '#attributes/attribute.ts';
import type { ResourceName, ResourceType } from '#attributes/resource-type.ts';
import { commandCaller } from '#commands/command-caller.ts';
import type { Caller } from '#domain/caller.ts';
import type { Change } from '#domain/change.ts';
import { readValues } from '#domain/document.ts';
import type { Resource } from '#domain/resource.ts';
import type { WriteRules } from '#domain/write-rules.ts';
import { createResource } from '#operations/create-resource.ts';
import { createTenant } from '#operations/create-tenant.ts';
import type { Creation } from '#operations/creation.ts';
import { getResource } from '#operations/get-resource.ts';
import type { Update } from '#operations/update.ts';
import { updateResource } from '#operations/update-resource.ts';
import type { DatabaseOptions, Db } from '#store/database.ts';
import { everything } from '#store/find-resource.ts';
import { findTenant } from '#store/tenants.ts';
import { connectTo, freshDatabase, type TestDatabase } from '#test/support/database.ts';
import type { PostgresVersion } from '#test/support/postgres-versions.ts';
import { openTestDatabase } from '../store/open-test-database.ts';

/** A row of the journal about a person, group or org unit, as a reader sees it. */
export interface Entry {
  readonly kind: ResourceName;
  readonly resource: string;
  readonly action: string;
  readonly changes: readonly { readonly path: string; readonly from?: Value; readonly to?: Value }[];
  readonly members: readonly string[] | null;
}

/** A roll of a test's own, and one caller who may read and write. */
export interface TestRoll {
  readonly database: TestDatabase;
  readonly db: Db;
  /** Looks at the tables past the product. */
  readonly client: Client;
  readonly caller: Caller;
  /** Who uses the command line in the tenant: may do everything. */
  readonly admin: Caller;
  /** The same caller through another connection. */
  readonly other: Caller;
  readonly create: (type: ResourceType, values: Values, more?: Partial<Creation>) => Promise<Resource>;
  readonly update: (
    type: ResourceType,
    id: string,
    changes: readonly Change[],
    more?: Partial<Update>,
  ) => Promise<Resource>;
  readonly get: (type: ResourceType, id: string) => Promise<Resource>;
  readonly journal: () => Promise<Entry[]>;
  readonly close: () => Promise<void>;
}

/** Refuses what is unknown, lets groups share names, takes deactivated people back. */
export const rules: WriteRules = {
  unknownReference: 'refuse',
  groupNames: 'free',
  emails: 'free',
  ownAccount: 'free',
  passwords: 'checked',
  createOfDeactivated: 'reactivate',
};

/** Makes a database with one tenant and opens it. */
export async function openRoll(version: PostgresVersion, options: Partial<DatabaseOptions> = {}): Promise<TestRoll> {
  const database = await freshDatabase(version);
  const db = openTestDatabase(database, options);
  await createTenant(commandCaller(), db, 'roll');
  const client = await connectTo(database);
  const caller = callerOf((await findTenant(db, 'roll')) ?? 0);
  return {
    database,
    db,
    client,
    caller,
    admin: commandCaller(caller.tenant),
    other: { ...caller, connection: uuidv7() },
    create: async (type, values, more = {}) =>
      (await createResource(caller, db, type, { changes: changesOf(values), rules, ...more })).resource,
    update: async (type, id, changes, more = {}) =>
      (await updateResource(caller, db, type, id, { changes, rules, ...more })).resource,
    get: (type, id) => getResource(caller, db, type, id, everything),
    journal: async () => {
      const { rows } = await client.query(
        "select * from journal where tenant = $1 and kind not in ('Connection', 'Tenant') order by sequence",
        [caller.tenant],
      );
      return rows.map((row) => ({ ...row, changes: JSON.parse(row.changes) }));
    },
    close: async () => {
      await db.close();
      await client.end();
    },
  };
}

function callerOf(tenant: number): Caller {
  const rights = ['read', 'write', 'superuser'] as const;
  return { tenant, connection: uuidv7(), dialect: 'scim', profile: 'rfc', rights, requestId: 'test' };
}

/** The changes that give a new resource these values. */
export function changesOf(values: Values): Change[] {
  return Object.entries(values).map(([path, value]) => ({ op: 'set', path, value }));
}

/** The attributes of a resource. */
export function valuesIn(type: ResourceType, resource: Resource): Values {
  return readValues(type, resource.document);
}
