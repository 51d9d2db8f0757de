import type { ExportedRecord } from './exported.ts';
import { fold } from './fold.ts';

/** Who is known to the clients of a namespace by his number, since he brought no id along. */
export interface Holder {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  /** `apiKey`: the user that a key is to clients; its id is that of its connection. */
  readonly what: 'resource' | 'deleted' | 'apiKey';
}

/** What the roll knows of the records of a list. */
export interface Known {
  /** Whose id a key is in this namespace, and whether he is still there. By key. */
  readonly brought: ReadonlyMap<string, { readonly id: string; readonly isThere: boolean }>;
  /** Who has a name, by its folded form. */
  readonly named: ReadonlyMap<string, readonly string[]>;
  /** The key that somebody brought along into this namespace before. By id; who brought none is not in it. */
  readonly keys: ReadonlyMap<string, string>;
  /** Who is shown under a key that is his number. By key. */
  readonly holders: ReadonlyMap<string, Holder>;
}

/** Why a record is left out. */
export type Conflict =
  | { readonly problem: 'deleted' | 'same_name' | 'several' | 'other_name' }
  | { readonly problem: 'other_key'; readonly key: string }
  | { readonly problem: 'key_taken'; readonly holder: Holder };

/** What becomes of a record. `match`: its id is given to somebody who is there; `keep`: he has it already. */
export type Outcome =
  | { readonly to: 'create' }
  | { readonly to: 'match' | 'keep'; readonly id: string }
  | { readonly to: 'refuse'; readonly conflict: Conflict };

/** What becomes of each record, and who must be shown under another id then. */
export interface Matched<Exported extends ExportedRecord> {
  readonly outcomes: ReadonlyMap<Exported, Outcome>;
  readonly moved: readonly Holder[];
}

/** A record and who is shown under its key until now. */
interface Wanting<Record> {
  readonly record: Record;
  readonly holder: Holder;
}

/**
 * Finds out of each record of an old system whose it is: by the id that was brought along before, else by the name, else
 * nobody's yet. An id that is somebody else's number is refused, unless those give way.
 */
export function matchExported<Record extends ExportedRecord>(
  records: readonly Record[],
  known: Known,
  givesWay: boolean,
): Matched<Record> {
  const names = Map.groupBy(records, ({ name }) => fold(name));
  const outcomes = new Map<Record, Outcome>(records.map((record) => [record, outcomeOf(record, known, names)]));
  refuseTwins(outcomes);
  const wanting = [...outcomes].flatMap(([record, { to }]) => {
    const holder = to === 'create' || to === 'match' ? known.holders.get(record.key) : undefined;
    return holder === undefined ? [] : [{ record, holder }];
  });
  // Who gets an id of his own now is no longer shown under his number.
  const matched = new Set(
    [...outcomes.values()].flatMap(({ to, ...at }) => (to === 'match' && 'id' in at ? [at.id] : [])),
  );
  const taken = wanting.filter(({ holder }) => !matched.has(holder.id));
  if (givesWay) return { outcomes, moved: taken.map(({ holder }) => holder) };
  refuseTaken(taken, outcomes, new Map(wanting.map((each) => [each.holder.id, each])));
  return { outcomes, moved: [] };
}

function outcomeOf<Record extends ExportedRecord>(
  { key, name }: Record,
  { brought, named, keys }: Known,
  names: ReadonlyMap<string, readonly Record[]>,
): Outcome {
  const folded = fold(name);
  const ids = named.get(folded) ?? [];
  const own = brought.get(key);
  if (own !== undefined) {
    if (!own.isThere) return refuse({ problem: 'deleted' });
    return ids.length === 0 || ids.includes(own.id) ? { to: 'keep', id: own.id } : refuse({ problem: 'other_name' });
  }
  if ((names.get(folded)?.length ?? 0) > 1) return refuse({ problem: 'same_name' });
  const [id, ...others] = ids;
  if (id === undefined) return { to: 'create' };
  if (others.length > 0) return refuse({ problem: 'several' });
  const other = keys.get(id);
  return other === undefined ? { to: 'match', id } : refuse({ problem: 'other_key', key: other });
}

function refuse(conflict: Conflict): Outcome {
  return { to: 'refuse', conflict };
}

/** Two names of one person make two records of him. */
function refuseTwins<Record>(outcomes: Map<Record, Outcome>): void {
  const matches = [...outcomes].filter(([, { to }]) => to === 'match');
  for (const same of Map.groupBy(matches, ([, outcome]) => 'id' in outcome && outcome.id).values()) {
    if (same.length > 1) for (const [record] of same) outcomes.set(record, refuse({ problem: 'same_name' }));
  }
}

/**
 * Refuses the records whose key is the number of somebody who keeps it. Who is refused keeps his number too, so that whoever
 * was to have that one is refused in turn.
 */
function refuseTaken<Record>(
  taken: readonly Wanting<Record>[],
  outcomes: Map<Record, Outcome>,
  byHolder: ReadonlyMap<string, Wanting<Record>>,
): void {
  const refused = [...taken];
  for (const { record, holder } of refused) {
    const was = outcomes.get(record);
    outcomes.set(record, refuse({ problem: 'key_taken', holder }));
    const next = was?.to === 'match' ? byHolder.get(was.id) : undefined;
    if (next !== undefined) refused.push(next);
  }
}
