import type { Values } from '#attributes/attribute.ts';
import type { BadRecord, Exported, ExportedPerson, ExportedRecord } from '#domain/exported.ts';
import type { Conflict, Holder } from '#domain/match-exported.ts';
import type { Namespace } from '#domain/person.ts';

/** What of an old system is to be brought along. */
export interface ImportWish {
  /** Under whose ids: its clients know the people by them from then on. */
  readonly namespace: Namespace;
  readonly exported: Exported;
  /** Who is shown under a number that is an id of the old system gets another one in this namespace; else that id is refused. */
  readonly givesWay: boolean;
}

/** Somebody who is to be put on the roll. */
export interface PlannedCreate<Record> {
  readonly record: Record;
  readonly values: Values;
}

/** Somebody of the roll whose the record is. */
export interface PlannedMatch<Record> {
  readonly record: Record;
  readonly id: string;
  /** The attributes that the old system has otherwise. They stay as they are here. */
  readonly differs: readonly string[];
}

/** A record that is left out. */
export interface Refused<Record> {
  readonly record: Record;
  readonly conflict: Conflict | { readonly problem: 'failed'; readonly message: string };
}

/** Who is to be shown under another id. */
export interface Moved extends Holder {
  /** The id that he got; absent as long as nothing is done. */
  readonly newKey?: string;
}

/** What becomes of the records of one list. */
export interface ListPlan<Record extends ExportedRecord> {
  readonly created: readonly PlannedCreate<Record>[];
  readonly matched: readonly PlannedMatch<Record>[];
  /** Those whose id was brought along before. */
  readonly unchanged: readonly PlannedMatch<Record>[];
  readonly refused: readonly Refused<Record>[];
  readonly moved: readonly Moved[];
}

/** A group that a record names. */
export interface GroupTarget {
  /** Absent for one that is to be made. */
  readonly id?: string;
  /** Whether its id is brought along now. */
  readonly isNew: boolean;
}

/** What an import would do. */
export interface ImportPlan {
  readonly people: ListPlan<ExportedPerson>;
  readonly groups: ListPlan<ExportedRecord>;
  /** The groups that are known by their keys. */
  readonly targets: ReadonlyMap<string, GroupTarget>;
  /** Who of the people on the roll joins which group, by the key of the group. */
  readonly joining: ReadonlyMap<string, readonly string[]>;
  readonly memberships: { readonly added: number; readonly leftOut: number };
  /** Records that cannot be brought along by anybody. */
  readonly bad: readonly BadRecord[];
}

/** How many records an import has to do something about. */
export function workOf({ people, groups }: ImportPlan): number {
  return [people, groups].reduce((sum, { created, matched }) => sum + created.length + matched.length, 0);
}
