import type { Values } from '#attributes/attribute.ts';
import type { Change } from './change.ts';

/** Something of an old system that has an id there and a name by which it may be known here. */
export interface ExportedRecord {
  /** The id, as the clients of the API know it. */
  readonly key: string;
  /** Where it stands in its list, from 0. */
  readonly index: number;
  /** The e-mail of a person, the name of a group. */
  readonly name: string;
}

/** A person as the list of an old system has him. */
export interface ExportedPerson extends ExportedRecord {
  /** What makes somebody with these attributes the person of the list; `before` is empty for who is new. */
  readonly changes: (before: Values) => readonly Change[];
  /** ISO 8601. */
  readonly lastLoginAt?: string;
  /** The keys of the groups that he is in directly. */
  readonly groups: readonly string[];
}

/** A record that cannot be brought along, and why. */
export interface BadRecord {
  readonly list: 'people' | 'groups';
  /** Where it stands in its list, from 0. */
  readonly index: number;
  /** The e-mail of a person, the name of a group, where there is one. */
  readonly name?: string;
  readonly field: string;
  /** What would be right, such as `should be true or false`. */
  readonly detail: string;
}

/** What an old system says of its people and groups. */
export interface Exported {
  readonly people: readonly ExportedPerson[];
  readonly groups: readonly ExportedRecord[];
  readonly bad: readonly BadRecord[];
}
