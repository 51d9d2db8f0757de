import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { inject } from 'vitest';
import { type PostgresVersion, templateName } from './postgres-versions.ts';
import { withClient } from './with-client.ts';

interface Way {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
}

/** A database of one test file, and how to reach it: as a URL for `DATABASE_URL`, and as options for pg. */
export interface TestDatabase {
  readonly version: PostgresVersion;
  /** As its owner. */
  readonly url: string;
  /** As its owner, who looks past the product. */
  readonly connection: Way;
  /** As the role of the server, which the product has. */
  readonly serverConnection: Way;
  /** Ends its sessions and removes it. Not needed at the end of a file: the cluster is thrown away. */
  readonly drop: () => Promise<void>;
}

/** Makes a database with all migrations applied and no rows: one for each test file. */
export function freshDatabase(version: PostgresVersion = 18): Promise<TestDatabase> {
  return makeDatabase(version, templateName);
}

/** Makes a database in which nothing is, not even migrations. */
export function emptyDatabase(version: PostgresVersion = 18): Promise<TestDatabase> {
  return makeDatabase(version, 'template0');
}

/** Connects a client to a database as its owner. The caller ends it. */
export async function connectTo(database: TestDatabase): Promise<Client> {
  const client = new Client(database.connection);
  await client.connect();
  return client;
}

async function makeDatabase(version: PostgresVersion, template: string): Promise<TestDatabase> {
  const cluster = inject('clusters')[version];
  if (cluster === undefined) throw new Error(`no PostgreSQL ${version} runs on this platform; use postgresVersions`);
  const administer = (statement: string) =>
    withClient({ ...cluster, database: 'postgres' }, async (client) => void (await client.query(statement)));
  const name = `w_${process.env.VITEST_POOL_ID}_${randomBytes(6).toString('hex')}`;
  await administer(`create database ${name} template ${template}`);
  const { host, port, user, serverUser } = cluster;
  return {
    version,
    url: `postgres://${user}@${encodeURIComponent(host)}:${port}/${name}`,
    connection: { host, port, user, database: name },
    serverConnection: { host, port, user: serverUser, database: name },
    drop: () => administer(`drop database if exists ${name} with (force)`),
  };
}
