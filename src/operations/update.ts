import type { Change } from '#domain/change.ts';
import type { MemberChange } from '#domain/member-change.ts';
import type { WriteRules } from '#domain/write-rules.ts';
import type { GroupWish } from './group-wish.ts';
import type { ReadyPassword } from './ready-password.ts';

/** What a caller wants to be different about one resource. */
export interface Update {
  readonly changes: readonly Change[];
  /** The new label of the caller's connection; null clears it, absent leaves it. */
  readonly externalId?: string | null;
  /** What is to be different about who is in a group. */
  readonly members?: readonly MemberChange[];
  /** All the groups that a person is in directly afterwards; absent leaves them. */
  readonly groups?: readonly GroupWish[];
  /** The change happens only if the resource has one of these versions. */
  readonly ifVersions?: readonly number[];
  readonly rules: WriteRules;
}

/** An update whose password, if it brings one, is hashed. */
export interface ReadyUpdate extends Update {
  readonly password: ReadyPassword | undefined;
}
