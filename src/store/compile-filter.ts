import { type RawBuilder, sql } from 'kysely';
import type { Attribute } from '#attributes/attribute.ts';
import { allAttributes, type ResourceType } from '#attributes/resource-type.ts';
import { Fault } from '#domain/fault.ts';
import type { Filter, Test } from '#domain/filter.ts';
import { leafOf, locate } from '#domain/locate.ts';
import { below } from './below.ts';
import { compareColumn, compareId, isColumnPresent } from './compare-column.ts';
import { type Condition, compareText, compareValue, testKey } from './compare-key.ts';
import { compileSchemas } from './compile-schemas.ts';
import { memberSeen, valueSeen } from './seen.ts';
import { valuePath } from './value-rows.ts';
import type { Asked } from './viewer.ts';

/**
 * The exact condition on the resource `r` for a filter in the normal form of `checkFilter`. Columns come only from the
 * attribute table, values are only parameters. Raises `invalid_filter` for an attribute that is not stored.
 */
export function compileFilter(asked: Asked, filter: Filter): Condition {
  switch (filter.op) {
    case 'and':
      return joined(filter.filters, sql` and `, (inner) => compileFilter(asked, inner));
    case 'or':
      return joined(filter.filters, sql` or `, (inner) => compileFilter(asked, inner));
    case 'not':
      // A missing value makes SQL answer NULL; our NOT must turn that into true, as RFC 7644 means it.
      return sql`not coalesce(${compileFilter(asked, filter.filter)}, false)`;
    case 'some':
      return compileSome(asked, filter.path, filter.filter);
    case 'pr':
      return compilePresent(asked, filter.path);
    default:
      return compileTest(asked, filter);
  }
}

function joined(
  filters: readonly Filter[],
  by: RawBuilder<unknown>,
  compile: (filter: Filter) => Condition,
): Condition {
  return sql`(${sql.join(filters.map(compile), by)})`;
}

function compileTest(asked: Asked, test: Test): Condition {
  const attribute = attributeAt(asked.type, test.path);
  const { stored } = attribute;
  if (stored !== undefined && 'column' in stored) return compareColumn(asked.type, stored.column, attribute, test);
  if (stored !== undefined && 'link' in stored) return compareExternalId(asked, attribute, test);
  return sql`exists (${valuesOf(asked, test.path)} and ${unindexed(compareValue(attribute, test))})`;
}

function compilePresent(asked: Asked, path: string): Condition {
  if (path === 'members')
    return sql`exists (select from group_member m where m.tenant = r.tenant and m.group_id = r.id${memberSeen(asked.viewer)})`;
  if (path === 'groups') return sql`exists (select from group_member m where m.tenant = r.tenant and m.user_id = r.id)`;
  const { stored } = attributeAt(asked.type, path);
  if (path === 'schemas') return sql`true`;
  if (stored !== undefined && 'column' in stored) return isColumnPresent(stored.column);
  if (stored !== undefined && 'link' in stored) return sql`exists (${externalIdsOf(asked)} and e.value_key <> '')`;
  return sql`exists (${anyValuesOf(asked, path)} and ${isNotEmpty})`;
}

// RFC 7644 section 3.4.2.2: an empty text is not present, though it is equal to another one.
const isNotEmpty = sql`v.text_key is distinct from ''`;

function compileSome(asked: Asked, path: string, inner: Filter): Condition {
  if (path === 'schemas') return compileSchemas(asked, inner);
  if (path === 'members') {
    const condition = compileMember(asked.type, path, inner, sql`m.member`);
    return sql`exists (select from group_member m where m.tenant = r.tenant and m.group_id = r.id${memberSeen(asked.viewer)} and ${condition})`;
  }
  if (path === 'groups') {
    const condition = compileMember(asked.type, path, inner, sql`m.group_id`);
    return sql`exists (select from group_member m where m.tenant = r.tenant and m.user_id = r.id and ${condition})`;
  }
  if (isTest(inner))
    return sql`exists (${valuesOf(asked, leafPath(asked.type, path, inner.path))} and ${compareElement(asked, path, inner)})`;
  return sql`exists (select from (
      select distinct v.element from attribute_value v
      where v.tenant = r.tenant and v.owner = r.id and ${below(asked.type, path)}${valueSeen(asked.viewer, asked.type)}
    ) as e where ${compileElement(asked, path, inner)})`;
}

/** A filter on one element of a multi-valued attribute: `e.element` is the element that all its tests must speak of. */
function compileElement(asked: Asked, path: string, filter: Filter): Condition {
  switch (filter.op) {
    case 'and':
      return joined(filter.filters, sql` and `, (inner) => compileElement(asked, path, inner));
    case 'or':
      return joined(filter.filters, sql` or `, (inner) => compileElement(asked, path, inner));
    case 'not':
      return sql`not coalesce(${compileElement(asked, path, filter.filter)}, false)`;
    case 'some':
      throw new Fault('invalid_filter', 'a filter on an element cannot hold another one');
    case 'pr':
      return sql`exists (${valuesOf(asked, leafPath(asked.type, path, filter.path))} and v.element = e.element and ${isNotEmpty})`;
    default:
      return sql`exists (${valuesOf(asked, leafPath(asked.type, path, filter.path))}
        and v.element = e.element and ${compareElement(asked, path, filter)})`;
  }
}

/** A filter on one row `m` of the members' table; its columns hold the parts `value` and `type`. */
export function compileMember(type: ResourceType, path: string, filter: Filter, value: RawBuilder<unknown>): Condition {
  switch (filter.op) {
    case 'and':
      return joined(filter.filters, sql` and `, (inner) => compileMember(type, path, inner, value));
    case 'or':
      return joined(filter.filters, sql` or `, (inner) => compileMember(type, path, inner, value));
    case 'not':
      return sql`not coalesce(${compileMember(type, path, filter.filter, value)}, false)`;
    case 'some':
      throw new Fault('invalid_filter', 'a filter on an element cannot hold another one');
    case 'pr':
      return sql`true`;
    default: {
      const attribute = attributeAt(type, `${path}.${filter.path}`);
      if (filter.path === 'value') return compareId(value, attribute, filter);
      return compareText(sql`lower(m.kind)`, filter.op, testKey(attribute, filter));
    }
  }
}

/** The value rows of the resource `r` for one path. */
function valuesOf(asked: Asked, path: string): RawBuilder<unknown> {
  return sql`select from attribute_value v
    where v.tenant = r.tenant and v.owner = r.id and v.path = ${valuePath(asked.type, path)}${valueSeen(asked.viewer, asked.type)}`;
}

function anyValuesOf(asked: Asked, path: string): RawBuilder<unknown> {
  return sql`select from attribute_value v where v.tenant = r.tenant and v.owner = r.id and ${below(asked.type, path)}${valueSeen(asked.viewer, asked.type)}`;
}

/** The path of a part of an element: a simple element stands for itself. */
export function leafPath(type: ResourceType, path: string, part: string): string {
  return locate(allAttributes(type), path)?.attribute.parts === undefined ? path : `${path}.${part}`;
}

function compareElement(asked: Asked, path: string, test: Test): Condition {
  return unindexed(compareValue(attributeAt(asked.type, leafPath(asked.type, path, test.path)), test));
}

function compareExternalId(asked: Asked, attribute: Attribute, test: Test): Condition {
  return sql`exists (${externalIdsOf(asked)} and ${unindexed(compareText(sql`e.value_key`, test.op, testKey(attribute, test)))})`;
}

function externalIdsOf({ viewer, type }: Asked): RawBuilder<unknown> {
  return sql`select from external_id e where e.tenant = r.tenant and e.connection = ${viewer.connection}
    and e.kind = ${type.name} and e.resource = r.id`;
}

/**
 * A condition in a form that no index on values serves. Where the owner is given, his few rows are to be found by him;
 * without statistics the planner would rather read the rows of everybody with the same value, once for each owner.
 */
export function unindexed(condition: Condition): Condition {
  return sql`coalesce(${condition}, false)`;
}

/** The attribute whose key a path is compared by. Raises `invalid_filter` when nothing is stored for it. */
export function attributeAt(type: ResourceType, path: string): Attribute {
  const located = locate(allAttributes(type), path);
  const attribute = located === undefined ? undefined : leafOf(located);
  if (located === undefined || attribute === undefined) throw new Fault('invalid_filter', 'there is no such attribute');
  return attribute;
}

export function isTest(filter: Filter): filter is Test {
  return !['and', 'or', 'not', 'some', 'pr'].includes(filter.op);
}
