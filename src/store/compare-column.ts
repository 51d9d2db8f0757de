import { type RawBuilder, sql } from 'kysely';
import type { Attribute } from '#attributes/attribute.ts';
import type { ResourceType } from '#attributes/resource-type.ts';
import type { Test } from '#domain/filter.ts';
import { isId } from '#domain/is-id.ts';
import { type Condition, compareText, testKey } from './compare-key.ts';

const orders = { eq: sql`=`, gt: sql`>`, ge: sql`>=`, lt: sql`<`, le: sql`<=` } as const;

/** A test of a column of the resource `r`. Takes the name of the column from the attribute table. */
export function compareColumn(type: ResourceType, column: string, attribute: Attribute, test: Test): Condition {
  switch (column) {
    case 'id':
      return compareId(sql`r.id`, attribute, test);
    case 'type':
      return compareText(sql`${type.name}::text`, test.op, testKey(attribute, test));
    case 'active':
      return testKey(attribute, test) === 1 ? sql`r.active` : sql`not r.active`;
    case 'created_at':
    case 'modified_at':
      return compareTime(sql`r.${sql.ref(column)}`, attribute, test);
    default:
      return compareName(sql`r.${sql.ref(column)}`, attribute, test);
  }
}

/** A test of an id. Equality is asked of the index; text that no id can be is equal to none. */
export function compareId(id: RawBuilder<unknown>, attribute: Attribute, test: Test): Condition {
  const key = testKey(attribute, test);
  if (test.op !== 'eq') return compareText(sql`${id}::text`, test.op, key);
  return isId(String(key)) ? sql`${id} = ${key}::uuid` : sql`false`;
}

function compareTime(time: RawBuilder<unknown>, attribute: Attribute, test: Test): Condition {
  const milliseconds = testKey(attribute, test);
  const order = orders[test.op as keyof typeof orders];
  return sql`${time} ${order} to_timestamp(${milliseconds}::float8 / 1000)`;
}

/** A test of a name in the column of its key: what begins with a text is asked as a range, which its index serves. */
function compareName(name: RawBuilder<unknown>, attribute: Attribute, test: Test): Condition {
  const key = testKey(attribute, test);
  const exact = compareText(name, test.op, key);
  return test.op === 'sw' ? sql`${name} >= ${key} and ${name} < ${`${key}\u{10ffff}`} and ${exact}` : exact;
}
