import type { Db } from '#store/database.ts';
import { clearExpired } from './clear-expired.ts';
import { clearSessions } from './clear-sessions.ts';
import { finishErasures } from './finish-erasures.ts';
import { recordLastUse } from './record-last-use.ts';
import { retainJournal } from './retain-journal.ts';
import { retainRequestLog, writeRequestLog } from './retain-request-log.ts';
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
}

/** Everything that a server does beside the requests: a row each. */
export function buildWorkers(parts: WorkerParts): readonly Worker[] {
  const { db, log, flushUses, flushRequests } = parts;
  return [
    recordLastUse(flushUses),
    sealJournals({ db, log }),
    retainJournal({ db, log }),
    retainRequestLog(db),
    writeRequestLog(flushRequests),
    finishErasures(db),
    tellHeld({ db, log }),
    clearSessions(db),
    clearExpired(db),
  ];
}
