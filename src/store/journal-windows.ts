import type { Db } from './database.ts';
import { entryColumns, entryFrom, type JournalEntry } from './journal-entries.ts';

/** How far a reader has come. Decision 0004. */
export interface JournalPlace {
  /** Every transaction below is over, and its rows are read. */
  readonly horizon: string;
  /** The window that is being read: to which transaction it goes, and the last number that was read in it. */
  readonly window?: { readonly until: string; readonly sequence: number };
}

/** Where a reader begins who wants everything. */
export const journalStart: JournalPlace = { horizon: '0' };

/** Some rows, and where to go on. */
export interface JournalPage {
  readonly entries: readonly JournalEntry[];
  readonly next: JournalPlace;
}

// The horizon and the rows come from one snapshot: what the one calls over, the other sees. A window begins at its first
// number: else the planner may look for it from the first row of all. "offset 0" keeps it from doing just that for min().
const readStatement = {
  name: 'read-journal',
  text: `select w.until::text as until, e.* from
      (select coalesce($3::text::xid8, pg_snapshot_xmin(pg_current_snapshot())) as until) w
    left join lateral (
      select ${entryColumns} from journal j
      where j.tenant = $1 and j.xact >= $2::text::xid8 and j.xact < w.until and j.sequence > coalesce($4, (
        select min(x.sequence) - 1 from (
          select f.sequence from journal f where f.tenant = $1 and f.xact >= $2::text::xid8 and f.xact < w.until offset 0
        ) x
      ))
      order by j.sequence limit $5
    ) e on true
    order by e.sequence`,
};

/**
 * The next rows of a tenant's journal, at most `count`, in the order of their numbers within a window. Kept places miss no
 * row that commits late and give none twice; an empty page whose `next` has no window means that all is read for now.
 */
export async function readJournal(db: Db, tenant: number, place: JournalPlace, count: number): Promise<JournalPage> {
  const { horizon, window } = place;
  const rows = await db.list({
    ...readStatement,
    values: [tenant, horizon, window?.until ?? null, window?.sequence ?? null, count],
  });
  const until = rows[0]?.until as string;
  const entries = rows.filter(({ sequence }) => sequence !== null).map(entryFrom);
  const last = entries.at(-1);
  if (last === undefined || entries.length < count) return { entries, next: { horizon: until } };
  return { entries, next: { horizon, window: { until, sequence: last.sequence } } };
}
