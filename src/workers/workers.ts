import type { Db } from '#store/database.ts';
import { clearExpired } from './clear-expired.ts';
import { clearSessions } from './clear-sessions.ts';
import { keepJournalFor } from './keep-journal.ts';
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
  /** For how many days the journal is kept; absent: for ever. */
  readonly journalDays: number | undefined;
  /** For how many days requests are kept. */
  readonly requestLogDays: number;
}

/** Everything that a server does beside the requests: a row each. */
export function buildWorkers(parts: WorkerParts): readonly Worker[] {
  const { db, log, flushUses, flushRequests, journalDays, requestLogDays } = parts;
  return [
    keepLastUse(flushUses),
    sealJournals({ db, log }),
    keepJournalFor(journalDays, { db, log }),
    keepRequestLogFor(requestLogDays, db),
    writeRequestLog(flushRequests),
    tellHeld({ db, log }),
    clearSessions(db),
    clearExpired(db),
  ];
}
