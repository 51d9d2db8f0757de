import type { Filter } from './filter.ts';

/** One wish about the members of a group. Whatever the size of the group, it names only those it is about. */
export type MemberChange =
  | { readonly op: 'add' | 'remove' | 'set'; readonly ids: readonly string[] }
  | { readonly op: 'remove'; readonly where: Filter };

/** What changes of members did. */
export interface MemberDifference {
  readonly added: readonly string[];
  readonly removed: readonly string[];
}
