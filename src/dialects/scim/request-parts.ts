import type { Context } from 'hono';
import type { ResourceType } from '#attributes/resource-type.ts';
import type { Limits } from '#http/limits.ts';
import type { Operations } from '#operations/operations.ts';
import type { DialectVariables } from '../dialect.ts';

/** What the routes of one resource type work with. */
export interface Parts {
  readonly type: ResourceType;
  readonly operations: Operations;
  readonly limits: Limits;
  /** The base URI of SCIM, such as `https://example.org/scim/v2`. */
  readonly base: string;
}

export type ScimContext = Context<{ Variables: DialectVariables }>;

/** The id in the path. The router gives it decoded. */
export function idOf(context: ScimContext): string {
  return context.req.param('id') ?? '';
}
