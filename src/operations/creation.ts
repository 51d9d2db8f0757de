import type { Change } from '#domain/change.ts';
import type { Resource } from '#domain/resource.ts';
import type { WriteRules } from '#domain/write-rules.ts';
import type { GroupWish } from './group-wish.ts';

/** What a caller wants to put on the roll. */
export interface Creation {
  readonly changes: readonly Change[];
  readonly externalId?: string;
  /** The id that it had in a system that is replaced, in the namespace of a dialect. */
  readonly broughtId?: { readonly dialect: string; readonly key: string };
  /** Whom a new group has as members. */
  readonly members?: readonly string[];
  /** All the groups that a new person is in directly. */
  readonly groups?: readonly GroupWish[];
  /** The password of a new person, who has to choose another one at his first sign-in. */
  readonly temporaryPassword?: string;
  /** SHA-256 of what the client sent: recognises the same create when it is sent again. */
  readonly bodyHash?: Buffer;
  readonly rules: WriteRules;
}

/** A resource as a write left it, and the ids in the request that were nobody's and were left out. */
export interface Written {
  readonly resource: Resource;
  readonly skipped: readonly string[];
}
