import type { Db } from '#store/database.ts';
import { clearExpired } from './clear-expired.ts';
import { clearSessions } from './clear-sessions.ts';
import { keepLastUse } from './keep-last-use.ts';
import { keepRequestLogFor, writeRequestLog } from './keep-request-log.ts';
import { sealJournals } from './seal-journal.ts';
import type { Worker } from './start-workers.ts';
import { tellHeld } from './tell-held.ts';

/** What the workers of a server are put together from. */
export interface WorkerParts {
  readonly db: Db;
  readonly log: {
    readonly info: (details: object, message: string) => void;
    readonly warn: (details: object, message: string) => void;
  };
  /** Writes when tokens were last used. */
  readonly flushUses: () => Promise<void>;
  /** Writes what was noted of requests. */
  readonly flushRequests: () => Promise<void>;
  /** For how many days requests are kept. */
  readonly requestLogDays: number;
}

/** Everything that a server does beside the requests: a row each. */
export function buildWorkers(parts: WorkerParts): readonly Worker[] {
  const { db, log, flushUses, flushRequests, requestLogDays } = parts;
  return [
    keepLastUse(flushUses),
    sealJournals({ db, log }),
    keepRequestLogFor(requestLogDays, db),
    writeRequestLog(flushRequests),
    tellHeld({ db, log }),
    clearSessions(db),
    clearExpired(db),
  ];
}
