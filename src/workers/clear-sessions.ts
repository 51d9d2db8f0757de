import type { Db } from '#store/database.ts';
import { deleteOldSessions } from '#store/session-rows.ts';
import { listTenants } from '#store/tenants.ts';
import type { Worker } from './start-workers.ts';

const everyMs = 600_000;
/** One run takes away so many of a tenant, so that nobody waits for it. */
const sessionsPerRun = 10_000;

/** Removes sessions and reset tokens whose time is over. Servers that do it at once find nothing left to do. */
export function clearSessions(db: Db): Worker {
  return {
    name: 'clear-sessions',
    everyMs,
    run: async () => {
      for (const { tenant } of await listTenants(db)) {
        await db.transaction(async (tx) => deleteOldSessions(tx, tenant, sessionsPerRun));
      }
    },
  };
}
