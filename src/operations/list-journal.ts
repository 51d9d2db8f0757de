import type { Caller } from '#domain/caller.ts';
import { Fault } from '#domain/fault.ts';
import { isId } from '#domain/is-id.ts';
import { utcTime } from '#domain/utc-time.ts';
import { changesOf, type ToldChange } from '#journal/changes-of.ts';
import type { Db } from '#store/database.ts';
import type { JournalEntry } from '#store/journal-entries.ts';
import { type JournalWish, listEntries } from '#store/journal-lists.ts';
import { boundCount } from './bound-count.ts';
import { checkReadsJournal } from './check-reads-journal.ts';

/** A row of the journal as an admin sees it. */
export interface ToldEntry extends Omit<JournalEntry, 'tenant' | 'xact' | 'changes'> {
  readonly changes: readonly ToldChange[];
}

/** Some rows, newest first. */
export interface JournalPart {
  readonly entries: readonly ToldEntry[];
  /** The `before` of the next page; absent on the last one. */
  readonly next?: number;
}

/**
 * The journal of the caller's tenant, newest first, by resource, connection and time, a page at a time. Raises
 * `forbidden`, `invalid_value`.
 */
export async function listJournal(caller: Caller, db: Db, wish: JournalWish): Promise<JournalPart> {
  checkReadsJournal(caller);
  const count = boundCount(wish.count);
  const ids = [wish.resource, wish.connection].filter((id) => id !== undefined);
  if (!ids.every(isId)) return { entries: [] };
  const times = { ...timeOf('from', wish.from), ...timeOf('to', wish.to) };
  const found = await listEntries(db, caller.tenant, { ...wish, ...times, count: count + 1 });
  const entries = found.slice(0, count);
  const last = entries.at(-1);
  return { entries: entries.map(tell), ...(found.length > count && last !== undefined && { next: last.sequence }) };
}

function timeOf(name: 'from' | 'to', text: string | undefined) {
  return text === undefined ? {} : { [name]: checkTime(text, name) };
}

/** The time in ISO 8601 in UTC, which is meant where no zone is named. Raises `invalid_value` for what is none. */
export function checkTime(text: string, attribute: string): string {
  const time = utcTime(text);
  if (time !== undefined) return time;
  throw new Fault('invalid_value', `${attribute} should be a time such as 2026-01-31T12:00:00Z`, { attribute });
}

function tell({ tenant: _tenant, xact: _xact, ...entry }: JournalEntry): ToldEntry {
  return { ...entry, changes: changesOf(entry) };
}
