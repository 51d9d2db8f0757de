import type { Db, Tx } from './database.ts';

/** How much there is of one person. */
export interface PersonalRows {
  /** Rows of the journal that tell what he is made of, and those that he wrote himself, with his network address. */
  readonly journalRows: number;
  readonly externalIds: number;
  readonly sessions: number;
}

const countStatement = {
  name: 'personal-rows',
  text: `select
      (select count(*) from journal j where j.tenant = $1 and j.resource = $2
        and (j.changes <> '[]' or j.address is not null))
      + (select count(*) from journal j where j.tenant = $1 and j.person = $2 and j.resource <> $2
        and j.address is not null) as journal_rows,
      (select count(*) from external_id e where e.tenant = $1 and e.resource = $2) as external_ids,
      (select count(*) from session s where s.tenant = $1 and s.user_id = $2) as sessions`,
};

/** Counts what an erasure would remove beside the person himself. */
export async function countPersonalRows(db: Db, tenant: number, person: string): Promise<PersonalRows> {
  const [row] = await db.read(countStatement, [tenant, person]);
  return {
    journalRows: row?.journal_rows as number,
    externalIds: row?.external_ids as number,
    sessions: row?.sessions as number,
  };
}

const eraseStatement = { name: 'erase-from-journal', text: 'select erase_from_journal($1, $2) as rows' };

/**
 * Takes what is personal out of the rows of the journal about one person and out of those that he wrote. The row that says
 * so has to be sent in the same transaction before. Gives how many rows it changed.
 */
export async function eraseFromJournal(tx: Tx, tenant: number, person: string): Promise<number> {
  const [row] = await tx.run(eraseStatement, [tenant, person]);
  return row?.rows as number;
}

const dropStatement = { name: 'drop-old-journal', text: 'select drop_old_journal($1, $2) as rows' };

/** Removes at most so many of the oldest sealed rows that are older than the retention. Gives how many went. */
export async function dropOldJournal(db: Db, tenant: number, rowsMax: number): Promise<number> {
  const [row] = await db.list({ ...dropStatement, values: [tenant, rowsMax] });
  return row?.rows as number;
}
