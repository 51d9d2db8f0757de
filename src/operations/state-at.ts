import type { Value, Values } from '#attributes/attribute.ts';
import { userType } from '#attributes/resource-type.ts';
import type { Caller } from '#domain/caller.ts';
import { readValues } from '#domain/document.ts';
import { Fault } from '#domain/fault.ts';
import { isId } from '#domain/is-id.ts';
import { withoutState } from '#domain/sign-in-state.ts';
import { changesOf } from '#journal/changes-of.ts';
import type { Db } from '#store/database.ts';
import type { JournalEntry } from '#store/journal-entries.ts';
import { type History, readHistory } from '#store/journal-lists.ts';
import { checkReadsJournal } from './check-reads-journal.ts';
import { checkTime } from './list-journal.ts';

/** A person as he was at a moment. */
export interface PastState {
  /** `unknown`: his data was erased, or the journal is not kept for so long. */
  readonly state: 'none' | 'active' | 'inactive' | 'unknown';
  /** Without what tells how his sign-ins went: that is not in the journal. */
  readonly attributes?: Values;
}

interface Past {
  readonly exists: boolean;
  readonly values: Values;
}

/**
 * The attributes of a person at a moment: those of now, with what the journal tells of later changes undone. Changes of one
 * person follow one another in time as in `meta.lastModified`. Raises `not_found`, `invalid_value`, `forbidden`.
 */
export async function stateAt(caller: Caller, db: Db, person: string, at: string): Promise<PastState> {
  checkReadsJournal(caller);
  const moment = checkTime(at, 'at');
  const history: History = isId(person) ? await readHistory(db, caller.tenant, person) : { entries: [] };
  const { document, entries } = history;
  if (document === undefined && entries.length === 0) throw new Fault('not_found', 'there is no such User');
  const now: Past = {
    exists: document !== undefined,
    values: document === undefined ? {} : readValues(userType, document),
  };
  const later = laterThan(entries, moment);
  const erasedAt = entries.findLast(({ action }) => action === 'erased')?.sequence ?? 0;
  if (isGone(history, moment) || later.some(({ sequence }) => sequence < erasedAt)) return { state: 'unknown' };
  const { exists, values } = later.reduceRight(undo, now);
  if (!exists) return { state: 'none' };
  return { state: values.active === false ? 'inactive' : 'active', attributes: withoutState(values) };
}

/** Whether rows of changes after a moment were kept for long enough and are gone. Whose first row is there has them all. */
function isGone({ goneUntil, entries }: History, moment: string): boolean {
  return goneUntil !== undefined && moment < goneUntil && entries[0]?.action !== 'created';
}

/** The rows of changes after a moment. A transaction that waited for another carries the earlier time and yet came later. */
function laterThan(entries: readonly JournalEntry[], moment: string): readonly JournalEntry[] {
  let latest = '';
  return entries.filter(({ at }) => {
    latest = at > latest ? at : latest;
    return latest > moment;
  });
}

function undo({ exists, values }: Past, entry: JournalEntry): Past {
  const before = changesOf(entry)
    .filter(({ path }) => Object.hasOwn(userType.attributes, path.split('.')[0] ?? ''))
    .reduce((after, { path, from }) => withValue(after, path.split('.'), from), values);
  const existed = entry.action === 'deleted' || (entry.action !== 'created' && exists);
  return { exists: existed, values: existed ? before : {} };
}

function withValue(values: Values, [name = '', ...inner]: readonly string[], from: Value | undefined): Values {
  const { [name]: old, ...others } = values;
  const value = inner.length === 0 ? from : withValue((old ?? {}) as Values, inner, from);
  const isAbsent = value === undefined || (inner.length > 0 && Object.keys(value).length === 0);
  return isAbsent ? others : { ...others, [name]: value };
}
