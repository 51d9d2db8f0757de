import { sql } from 'kysely';
import { allAttributes, type ResourceType } from '#attributes/resource-type.ts';
import { locate } from '#domain/locate.ts';
import { type Condition, indexedLength, isNumeric } from './compare-key.ts';
import { valuePath } from './value-rows.ts';

const hasText = sql`left(v.text_key, ${sql.lit(indexedLength)}) > ''`;
const hasNumber = sql`v.number_key is not null`;

/**
 * The conditions on a row `v` of the value table under which a path has a value that is not empty. Each is in a form that
 * one index serves, so whoever looks for all such rows asks them one after the other.
 */
export function hasValue(type: ResourceType, path: string): Condition[] {
  const located = locate(allAttributes(type), path);
  const attribute = located?.part?.attribute ?? located?.attribute;
  if (attribute?.parts === undefined) {
    const has = attribute !== undefined && isNumeric(attribute) ? hasNumber : hasText;
    return [sql`v.path = ${valuePath(type, path)} and ${has}`];
  }
  const name = valuePath(type, path);
  return [hasText, hasNumber].map((has) => sql`v.path >= ${`${name}.`} and v.path < ${`${name}/`} and ${has}`);
}
