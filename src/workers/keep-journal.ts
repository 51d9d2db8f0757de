import type { Db } from '#store/database.ts';
import { dropOldJournal } from '#store/journal-erasure.ts';
import { listTenants } from '#store/tenants.ts';
import type { Worker } from './start-workers.ts';

const everyMs = 10 * 60_000;
const batchRows = 2_000;
/** A run ends after so many rows of one tenant, so that others have their turn. */
const rowsPerRun = 200_000;

interface KeeperParts {
  readonly db: Db;
  readonly log: { readonly info: (details: object, message: string) => void };
}

/** Removes what is older than so many days from the journals of all tenants; without a number everything is kept. */
export function keepJournalFor(days: number | undefined, { db, log }: KeeperParts): Worker {
  const run = async (stopping?: AbortSignal) => {
    if (days === undefined) return;
    for (const { tenant, name } of await listTenants(db)) {
      const rows = await dropMuch(db, tenant, days, stopping);
      if (rows > 0)
        log.info({ tenant: name, rows, days }, 'rows of the journal were kept for long enough and are gone');
    }
  };
  return { name: 'keep-journal', everyMs, run };
}

async function dropMuch(db: Db, tenant: number, days: number, stopping: AbortSignal | undefined): Promise<number> {
  let rows = 0;
  while (rows < rowsPerRun && stopping?.aborted !== true) {
    const gone = await dropOldJournal(db, tenant, days, batchRows);
    rows += gone;
    if (gone < batchRows) break;
  }
  return rows;
}
