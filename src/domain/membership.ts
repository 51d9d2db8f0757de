import type { BuiltInGroup } from './group-choice.ts';

/**
 * What a membership is known by: the number of its own that one in a stored group has; one in a group that is built in has
 * none and is known by the number of the person.
 */
export type MembershipRef = { readonly row: number } | { readonly builtIn: BuiltInGroup; readonly person: number };
