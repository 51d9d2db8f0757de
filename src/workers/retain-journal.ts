import type { Db } from '#store/database.ts';
import { dropOldJournal } from '#store/journal-erasure.ts';
import { readRetention } from '#store/retention.ts';
import { listTenants } from '#store/tenants.ts';
import type { Worker } from './start-workers.ts';

const everyMs = 10 * 60_000;
const batchRows = 2_000;
/** A run ends after so many rows of one tenant, so that others have their turn. */
const rowsPerRun = 200_000;

interface RetainerParts {
  readonly db: Db;
  readonly log: { readonly info: (details: object, message: string) => void };
}

/** Removes what is older than the retention from the journals of all tenants; where that is none, everything is kept. */
export function retainJournal({ db, log }: RetainerParts): Worker {
  const run = async (stopping?: AbortSignal) => {
    const { journalDays: days } = await readRetention(db);
    if (days === undefined) return;
    for (const { tenant, name } of await listTenants(db)) {
      const rows = await dropMuch(db, tenant, stopping);
      if (rows > 0)
        log.info({ tenant: name, rows, days }, 'rows of the journal were kept for long enough and are gone');
    }
  };
  return { name: 'retain-journal', everyMs, run };
}

async function dropMuch(db: Db, tenant: number, stopping: AbortSignal | undefined): Promise<number> {
  let rows = 0;
  while (rows < rowsPerRun && stopping?.aborted !== true) {
    const gone = await dropOldJournal(db, tenant, batchRows);
    rows += gone;
    if (gone < batchRows) break;
  }
  return rows;
}
