import { type RawBuilder, sql } from 'kysely';
import type { Attribute } from '#attributes/attribute.ts';
import type { ResourceType } from '#attributes/resource-type.ts';
import type { Test } from '#domain/filter.ts';
import { isId } from '#domain/is-id.ts';
import { stateColumns } from '#domain/sign-in-state.ts';
import { beginsWith, type Condition, compareText, testKey } from './compare-key.ts';

const orders = { eq: sql`=`, gt: sql`>`, ge: sql`>=`, lt: sql`<`, le: sql`<=` } as const;

/** A test of a column of the resource `r`. Takes the name of the column from the attribute table. */
export function compareColumn(type: ResourceType, column: string, attribute: Attribute, test: Test): Condition {
  switch (column) {
    case 'id':
      return compareId(sql`r.id`, attribute, test);
    case 'type':
      return compareText(sql`${type.name}::text`, test.op, testKey(attribute, test));
    case 'active':
    case 'must_change_password':
      return testKey(attribute, test) === 1 ? sql`r.${sql.ref(column)}` : sql`not r.${sql.ref(column)}`;
    case 'failed_login_attempts':
      return compareWhole(sql`r.${sql.ref(column)}`, attribute, test);
    case 'created_at':
    case 'modified_at':
    case 'locked_until':
    case 'last_login_at':
      return compareTime(sql`r.${sql.ref(column)}`, attribute, test);
    default:
      return compareName(sql`r.${sql.ref(column)}`, attribute, test);
  }
}

const noId = '00000000-0000-0000-0000-000000000000';

/**
 * A test of an id in a form that its index serves, where there is one: ids are ordered as their text is, which is in lower
 * case. Text that no id can be is equal to none.
 */
export function compareId(id: RawBuilder<unknown>, attribute: Attribute, test: Test): Condition {
  const key = String(testKey(attribute, test));
  const order = orders[test.op as keyof typeof orders];
  if (order !== undefined && isOwnId(key)) return sql`${id} ${order} ${key}::uuid`;
  if (test.op === 'eq') return sql`false`;
  if (test.op !== 'sw') return compareText(sql`${id}::text`, test.op, key);
  const first = key + noId.slice(key.length);
  if (!isOwnId(first)) return sql`false`;
  return sql`${id} between ${first}::uuid and ${key + noId.replaceAll('0', 'f').slice(key.length)}::uuid`;
}

function isOwnId(text: string): boolean {
  return isId(text) && text === text.toLowerCase();
}

/** A test of a time in a column, which has whole milliseconds, with a time that may have fractions of them. */
function compareTime(time: RawBuilder<unknown>, attribute: Attribute, test: Test): Condition {
  const key = Number(testKey(attribute, test));
  const whole = Math.floor(key);
  const at = sql`to_timestamp(${whole}::float8 / 1000)`;
  if (whole === key) return sql`${time} ${orders[test.op as keyof typeof orders]} ${at}`;
  if (test.op === 'eq') return sql`false`;
  return test.op === 'gt' || test.op === 'ge' ? sql`${time} > ${at}` : sql`${time} <= ${at}`;
}

/** A test of a whole number in a column with one that may have a fraction or be larger than any column holds. */
function compareWhole(number: RawBuilder<unknown>, attribute: Attribute, test: Test): Condition {
  const key = Number(testKey(attribute, test));
  const whole = Math.max(-wholeMax, Math.min(wholeMax, Math.floor(key)));
  if (whole === key) return sql`${number} ${orders[test.op as keyof typeof orders]} ${whole}::bigint`;
  if (test.op === 'eq') return sql`false`;
  return test.op === 'gt' || test.op === 'ge' ? sql`${number} > ${whole}::bigint` : sql`${number} <= ${whole}::bigint`;
}

const wholeMax = 2 ** 53;

/** A test of a name in the column of its key: what begins with a text is asked as a range, which its index serves. */
function compareName(name: RawBuilder<unknown>, attribute: Attribute, test: Test): Condition {
  const key = testKey(attribute, test);
  const exact = compareText(name, test.op, key);
  return test.op === 'sw' ? sql`${beginsWith(name, String(key))} and ${exact}` : exact;
}

/** The columns that may be empty; every resource has the others. */
const mayBeEmpty: readonly string[] = Object.values(stateColumns);

/**
 * The condition on the resource `r` for any value at all in a column that may be empty, in a form that its index serves:
 * the planner takes "is not null" for nearly everybody, until it has statistics.
 */
export function anyValueOf(column: string): Condition {
  const isTime = column !== 'failed_login_attempts';
  const [least, most] = isTime ? [sql`timestamptz '-infinity'`, sql`timestamptz 'infinity'`] : [-wholeMax, wholeMax];
  return sql`${sql.ref(`r.${column}`)} between ${least} and ${most}`;
}

/** Whether the resource `r` has a value in a column of the attribute table. */
export function isColumnPresent(column: string): Condition {
  return mayBeEmpty.includes(column) ? sql`${sql.ref(`r.${column}`)} is not null` : sql`true`;
}
