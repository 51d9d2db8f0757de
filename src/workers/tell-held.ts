import { domainLimits } from '#domain/limits.ts';
import type { Db } from '#store/database.ts';
import { takeUntold } from '#store/held-removals.ts';
import type { Worker } from './start-workers.ts';

const everyMs = 30_000;

interface TellerParts {
  readonly db: Db;
  readonly log: { readonly warn: (details: object, message: string) => void };
}

/**
 * Says in the log which connections the guard stopped, or let pass with a word: how many people, and how often they were tried since
 * the last time. One that insists is mentioned every half minute. Of several servers one does it.
 */
export function tellHeld({ db, log }: TellerParts): Worker {
  return {
    name: 'tell-held',
    everyMs,
    run: async () => {
      for (const { tenant, connection, held, passed, tries } of await takeUntold(db, domainLimits.heldDays)) {
        log.warn(
          { tenant, connection, held, passed, tries },
          'a connection deactivates or deletes more people than its limit',
        );
      }
    },
  };
}
