import { type ChainHead, sealBatch, sealJournal } from '#journal/seal-journal.ts';
import type { Db } from '#store/database.ts';
import { findUnsealed, type Unsealed } from '#store/journal-seals.ts';
import type { Worker } from './start-workers.ts';

const everyMs = 1_000;
/** A run ends after so many rows of one tenant, so that others have their turn. */
const rowsPerRun = 40_000;
const headEveryMs = 10 * 60_000;

interface SealerParts {
  readonly db: Db;
  readonly log: { readonly info: (details: object, message: string) => void };
  /** The time in milliseconds, on a clock that only goes forward. */
  readonly clock?: () => number;
}

/**
 * Seals the journals of all tenants, and writes the head of each chain to the log now and then: the log is outside the
 * database, so a chain that somebody cut off or made anew does not fit it any more.
 */
export function sealJournals({ db, log, clock = () => performance.now() }: SealerParts): Worker {
  const told = new Map<number, number>();
  const tell = ({ tenant, name }: Unsealed, head: ChainHead) => {
    const last = told.get(tenant);
    if (last !== undefined && clock() - last < headEveryMs) return;
    told.set(tenant, clock());
    log.info({ tenant: name, position: head.position, hash: head.hash }, 'the journal is sealed up to this head');
  };
  return {
    name: 'seal-journal',
    everyMs,
    run: async (stopping) => {
      for (const one of await findUnsealed(db)) {
        const head = await sealMuch(db, one.tenant, stopping);
        if (head !== undefined) tell(one, head);
      }
    },
  };
}

async function sealMuch(db: Db, tenant: number, stopping: AbortSignal | undefined): Promise<ChainHead | undefined> {
  let head: ChainHead | undefined;
  for (let rows = 0; rows < rowsPerRun && stopping?.aborted !== true; rows += sealBatch) {
    const sealed = await sealJournal(db, tenant);
    head = sealed.head ?? head;
    if (sealed.rows < sealBatch) break;
  }
  return head;
}
