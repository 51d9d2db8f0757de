import { sql } from 'kysely';
import type { ResourceType } from '#attributes/resource-type.ts';
import type { Condition } from './compare-key.ts';
import { valuePath } from './value-rows.ts';

/** The rows `v` of the value table for a path or for anything below it. */
export function below(type: ResourceType, path: string): Condition {
  const name = valuePath(type, path);
  return sql`(v.path = ${name} or (v.path >= ${`${name}.`} and v.path < ${`${name}/`}))`;
}
