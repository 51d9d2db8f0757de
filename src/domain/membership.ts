import type { BuiltInGroup } from './group-choice.ts';
import type { PersonGroup } from './person.ts';

/**
 * What a membership is known by: the number of its own that one in a stored group has; one in a group that is built in has
 * none and is known by the number of the person.
 */
export type MembershipRef = { readonly row: number } | { readonly builtIn: BuiltInGroup; readonly person: number };

/** How somebody is in a stored group. */
export interface StoredMembership extends PersonGroup {
  /** The number of the membership itself. */
  readonly row: number;
}

/** A person by his ids, and in which stored groups he is directly, in the order of their keys. */
export interface PersonMemberships {
  readonly id: string;
  readonly key: string;
  readonly number: number;
  readonly superuser: boolean;
  readonly memberships: readonly StoredMembership[];
}
