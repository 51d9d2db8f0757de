import type { Values } from '#attributes/attribute.ts';

/** Under which ids the clients of an API know people and groups: those brought along for it, else these of ours. */
export interface Namespace {
  readonly dialect: string;
  readonly keys: 'number' | 'objectId';
}

/** A user as the APIs beside SCIM see him: attributes as values, and ids in their own namespace. */
export interface Person {
  readonly id: string;
  /** What the API's clients call `id`: the id brought along, else the number or object id. */
  readonly key: string;
  readonly version: number;
  /** ISO 8601, in milliseconds. */
  readonly createdAt: string;
  readonly modifiedAt: string;
  readonly values: Values;
  /** The groups that the person is in directly, in the order of their keys; absent when nobody asked. */
  readonly groups?: readonly PersonGroup[];
}

/** A group that a person is in directly. */
export interface PersonGroup {
  readonly id: string;
  readonly key: string;
  /** Whether the person is one of its managers. */
  readonly manages: boolean;
}
