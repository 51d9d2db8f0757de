import type { Db } from '#store/database.ts';
import { keepLastUse } from './keep-last-use.ts';
import { sealJournals } from './seal-journal.ts';
import type { Worker } from './start-workers.ts';

/** What the workers of a server are put together from. */
export interface WorkerParts {
  readonly db: Db;
  readonly log: {
    readonly info: (details: object, message: string) => void;
    readonly warn: (details: object, message: string) => void;
  };
  /** Writes when tokens were last used. */
  readonly flushUses: () => Promise<void>;
}

/** Everything that a server does beside the requests: a row each. */
export function buildWorkers({ db, log, flushUses }: WorkerParts): readonly Worker[] {
  return [keepLastUse(flushUses), sealJournals({ db, log })];
}
