import type { Db } from '#store/database.ts';
import { keepRequestLog } from '#store/request-log-rows.ts';
import type { Worker } from './start-workers.ts';

/** Makes room in the request log for the days ahead, and drops the days that are older than so many; 0 drops all of them. */
export function keepRequestLogFor(days: number, db: Db): Worker {
  return {
    name: 'keep the request log',
    everyMs: 3_600_000,
    run: async () => void (await keepRequestLog(db, days)),
  };
}

/** Writes what was noted of requests since the last time. */
export function writeRequestLog(flush: () => Promise<void>): Worker {
  return { name: 'write the request log', everyMs: 250, run: flush };
}
