import type { ResourceName } from '#attributes/resource-type.ts';

/** A user, group or org unit as the roll keeps it. */
export interface Resource {
  readonly kind: ResourceName;
  readonly id: string;
  readonly number: number;
  readonly objectId: string;
  readonly version: number;
  /** ISO 8601, in milliseconds. */
  readonly createdAt: string;
  readonly modifiedAt: string;
  /** The label that the asking connection put on it. */
  readonly externalId?: string;
  /** Its attributes as JSON text, ready to be sent; `readValues` gives them as values. */
  readonly document: string;
  /** Whether it refers to others, members and groups not counted. */
  readonly refers: boolean;
  /** What the resources it refers to are called, by id. */
  readonly labels?: ReadonlyMap<string, string>;
  /** The groups a user is in; absent when nobody asked. */
  readonly groups?: readonly Membership[];
  /** The members of a group; absent when nobody asked. */
  readonly members?: readonly Member[];
}

/** A group that a user is in. */
export interface Membership {
  readonly id: string;
  readonly label: string;
  readonly direct: boolean;
}

/** A member of a group. */
export interface Member {
  readonly id: string;
  readonly kind: 'User' | 'Group';
  readonly label: string;
}
