import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '#postgres/embedded-postgres.ts';
import { grantServerRole } from '#store/grant-server-role.ts';
import { migrate } from '#store/migrate.ts';
import { type Cluster, type PostgresVersion, postgresVersions, templateName } from './postgres-versions.ts';
import { makeRunFolder, reapDeadRuns } from './run-folder.ts';
import { withClient } from './with-client.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder of this run; what is in it goes with it. */
    folder: string;
    clusters: Partial<Record<PostgresVersion, Cluster>>;
  }
}

/** Nothing here outlives the run, so nothing needs to reach the disk. Without autovacuum plans do not depend on the moment. */
const settings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  autovacuum: 'off',
  max_connections: '200',
};

const migrations = path.resolve(import.meta.dirname, '../../migrations');

/** Starts one PostgreSQL of each version for the whole test run, each with a migrated database to copy. */
export default async function startClusters(project: TestProject): Promise<() => Promise<void>> {
  await reapDeadRuns();
  const folder = await makeRunFolder();
  const clusters = await Promise.all(
    postgresVersions.map(async (version) => {
      const postgres = await startEmbeddedPostgres({
        folder: path.join(folder, String(version)),
        as: 'server',
        log: () => {},
        version,
        settings,
      });
      const { host, port, user, serverUser } = postgres;
      const address = { host, port, user, serverUser };
      await makeTemplate(address);
      return { version, stop: postgres.stop, address };
    }),
  );
  project.provide('folder', folder);
  project.provide('clusters', Object.fromEntries(clusters.map(({ version, address }) => [version, address])));
  return async () => {
    await Promise.all(clusters.map(({ stop }) => stop()));
    await rm(folder, { recursive: true, force: true });
  };
}

async function makeTemplate(cluster: Cluster): Promise<void> {
  await withClient({ ...cluster, database: 'postgres' }, (client) => client.query(`create database ${templateName}`));
  await withClient({ ...cluster, database: templateName }, async (client) => {
    await migrate(client, migrations);
    await grantServerRole(client, { name: cluster.serverUser, make: true });
  });
  // A copy fails while somebody is connected to the original.
  await withClient({ ...cluster, database: 'postgres' }, (client) =>
    client.query(`alter database ${templateName} with is_template true allow_connections false`),
  );
}
