import type { Difference } from '#domain/difference.ts';
import type { JournalEntry } from '#store/journal-entries.ts';

/** One change as a row of the journal tells it. A path without a row in the attribute table is something beside the attributes. */
export interface ToldChange extends Difference {
  /** Members that came into a group, and that left it; the path is `members`. */
  readonly added?: readonly string[];
  readonly removed?: readonly string[];
}

/** What a row of the journal says that changed; nothing after an erasure. */
export function changesOf(entry: Pick<JournalEntry, 'changes'>): readonly ToldChange[] {
  return JSON.parse(entry.changes) as ToldChange[];
}
