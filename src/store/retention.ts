import type { Client } from 'pg';
import type { Db } from './database.ts';

/** For how many days what happened is kept. */
export interface Retention {
  /** Absent: for ever. */
  readonly journalDays?: number | undefined;
  /** 0: no request is kept. */
  readonly requestLogDays: number;
}

const writeText = `
  update retention set journal_days = $1, request_log_days = $2,
    journal_unlimited_since = case when $1 is null and journal_days is not null then clock_timestamp()
      else journal_unlimited_since end
  where journal_days is distinct from $1::integer or request_log_days <> $2`;

const standText = `
  select journal_days is not distinct from $1::integer and request_log_days = $2 as stands,
    has_table_privilege('retention', 'update') as writable
  from retention`;

/**
 * Writes down the retention, which the role of the server cannot. Takes a client of the owner. Writes nothing where it stands so
 * already. Gives whether it stands so now: where nobody but the server asks, what the owner wrote last counts.
 */
export async function writeRetention(client: Client, retention: Retention): Promise<boolean> {
  const values = [retention.journalDays ?? null, retention.requestLogDays];
  const { rows } = await client.query<{ stands: boolean; writable: boolean }>(standText, values);
  if (rows[0]?.stands === true) return true;
  if (rows[0]?.writable !== true) return false;
  await client.query(writeText, values);
  return true;
}

const readStatement = { name: 'retention', text: 'select journal_days, request_log_days from retention' };

/** The retention that the owner wrote down. */
export async function readRetention(db: Db): Promise<Retention> {
  const [row] = await db.read(readStatement);
  return {
    requestLogDays: row?.request_log_days as number,
    ...(typeof row?.journal_days === 'number' && { journalDays: row.journal_days }),
  };
}
