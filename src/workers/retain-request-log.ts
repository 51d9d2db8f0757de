import type { Db } from '#store/database.ts';
import { retainRequestLog as retain } from '#store/request-log-rows.ts';
import type { Worker } from './start-workers.ts';

/** Makes room in the request log for the days ahead, and drops the days that are older than the retention. */
export function retainRequestLog(db: Db): Worker {
  return { name: 'retain-request-log', everyMs: 3_600_000, run: async () => void (await retain(db)) };
}

/** Writes what was noted of requests since the last time. */
export function writeRequestLog(flush: () => Promise<void>): Worker {
  return { name: 'write-request-log', everyMs: 250, run: flush };
}
