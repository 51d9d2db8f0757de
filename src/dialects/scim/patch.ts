import type { Change } from '#domain/change.ts';
import type { MemberChange } from '#domain/member-change.ts';

/** The three operations of RFC 7644 section 3.5.2. */
export type PatchOp = 'add' | 'replace' | 'remove';

/** One thing that a PATCH asks for: a change of an attribute, of the members, or of this connection's label. */
export type Wish =
  | { readonly change: Change }
  | { readonly members: MemberChange }
  | { readonly externalId: string | null };

/** What a whole PATCH asks for. */
export interface ReadPatch {
  readonly changes: readonly Change[];
  readonly members: readonly MemberChange[];
  /** null clears the label of this connection; absent leaves it. */
  readonly externalId?: string | null;
}
