import { type DatabaseOptions, type Db, openDatabase } from '#store/database.ts';
import type { TestDatabase } from '#test/support/database.ts';

/** Opens a test's database as the server does, with the rights of its role. */
export function openTestDatabase(database: TestDatabase, options: Partial<DatabaseOptions> = {}): Db {
  return openDatabase({
    connection: database.serverConnection,
    poolMax: 10,
    statementTimeoutMs: 5_000,
    lockTimeoutMs: 2_000,
    log: () => undefined,
    ...options,
  });
}
