/** The versions of PostgreSQL that the tests start. 15 is packaged for Linux alone. */
export const postgresVersions: readonly PostgresVersion[] = process.platform === 'linux' ? [15, 18] : [18];

export type PostgresVersion = 15 | 18;

/** Where a cluster of this test run listens, as pg takes it. */
export interface Cluster {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly serverUser: string;
}

/** The database of every cluster in which all migrations are applied; nobody may connect to it, only copy it. */
export const templateName = 'muster_template';
