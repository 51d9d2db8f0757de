import { clearAccessTokens } from '#store/access-tokens.ts';
import type { Db } from '#store/database.ts';
import { clearLimiter } from '#store/limiter.ts';
import { clearRequestLevels } from '#store/request-levels.ts';
import { clearSpentAssertions } from '#store/spent-assertions.ts';
import type { Worker } from './start-workers.ts';

const everyMs = 600_000;

/** Removes what has expired and so says nothing any more. Servers that do it at once find nothing left to do. */
export function clearExpired(db: Db): Worker {
  return {
    name: 'clear-expired',
    everyMs,
    run: async () => {
      for (const clear of [clearAccessTokens, clearSpentAssertions, clearLimiter, clearRequestLevels]) await clear(db);
    },
  };
}
