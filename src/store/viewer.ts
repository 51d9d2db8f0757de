import type { ResourceType } from '#attributes/resource-type.ts';

/** Whose eyes a read has: the tenant it stays in and the connection whose external ids it shows. */
export interface Viewer {
  readonly tenant: number;
  readonly connection: string;
  /** The org unit of the only franchisee whose people are seen. */
  readonly franchisee?: string;
}

/** What a compiled filter needs to know: whose filter it is and what it asks about. The resource's table is `r`. */
export interface Asked {
  readonly viewer: Viewer;
  readonly type: ResourceType;
}
