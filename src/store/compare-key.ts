import { type RawBuilder, sql } from 'kysely';
import type { Attribute } from '#attributes/attribute.ts';
import { Fault } from '#domain/fault.ts';
import type { Test } from '#domain/filter.ts';
import { type Key, keyOf } from '#domain/key-of.ts';

export type Condition = RawBuilder<boolean>;

/** How much of long text the btree of the value table holds, in characters. The migration has the same number. */
export const indexedLength = 128;

const orders = { gt: sql`>`, ge: sql`>=`, lt: sql`<`, le: sql`<=` };

/** The key that a test compares with. Raises `invalid_filter` when the value is not of the attribute's type. */
export function testKey(attribute: Attribute, test: Test): Key {
  const key = test.value === null ? undefined : keyOf(attribute, test.value);
  if (key === undefined) throw new Fault('invalid_filter', `the value of the filter is no ${attribute.type}`);
  return key;
}

/** Whether the keys of an attribute are numbers. */
export function isNumeric({ type }: Attribute): boolean {
  return type === 'boolean' || type === 'integer' || type === 'decimal' || type === 'dateTime';
}

/** A test of a row `v` of the value table, in a form that its indexes serve. */
export function compareValue(attribute: Attribute, test: Test): Condition {
  const key = testKey(attribute, test);
  if (typeof key === 'number') return compareNumber(sql`v.number_key`, test.op, key);
  const exact = compareText(sql`v.text_key`, test.op, key);
  const bound = boundOf(test.op, [...key].slice(0, indexedLength).join(''));
  return bound === undefined ? exact : sql`${bound} and ${exact}`;
}

/** What the beginning of the text must fulfil: a condition that follows from the exact one and that the btree can use. */
function boundOf(op: Test['op'], key: string): Condition | undefined {
  const indexed = sql`left(v.text_key, ${sql.lit(indexedLength)})`;
  switch (op) {
    case 'eq':
      return sql`${indexed} = ${key}`;
    case 'sw':
      return beginsWith(indexed, key);
    case 'gt':
    case 'ge':
      return sql`${indexed} >= ${key}`;
    case 'lt':
    case 'le':
      return sql`${indexed} <= ${key}`;
    case 'co':
    case 'ew':
    case 'like':
    case 'ne':
      return undefined;
  }
}

/** What text beginning with a key lies between, as a condition that a btree serves. */
export function beginsWith(text: RawBuilder<unknown>, key: string): Condition {
  const end = endOf([...key]);
  return end === undefined ? sql`${text} >= ${key}` : sql`${text} >= ${key} and ${text} < ${end}`;
}

/** The least text above all that begins with these characters; undefined where there is none. */
function endOf(characters: readonly string[]): string | undefined {
  const code = characters.at(-1)?.codePointAt(0);
  if (code === undefined) return undefined;
  const before = characters.slice(0, -1);
  if (code === 0x10ffff) return endOf(before);
  // No text has the halves of surrogate pairs.
  return before.join('') + String.fromCodePoint(code === 0xd7ff ? 0xe000 : code + 1);
}

/** A comparison of text with a key; percent sign and underscore are only characters but for `like`. */
export function compareText(text: RawBuilder<unknown>, op: Test['op'], key: Key): Condition {
  const value = String(key);
  switch (op) {
    case 'eq':
      return sql`${text} = ${value}`;
    case 'ne':
      return sql`${text} <> ${value}`;
    case 'co':
      return sql`${text} like ${`%${escapeLike(value)}%`}`;
    case 'sw':
      return sql`${text} like ${`${escapeLike(value)}%`}`;
    case 'ew':
      return sql`${text} like ${`%${escapeLike(value)}`}`;
    case 'like':
      return sql`${text} like ${value.replaceAll('\\', '\\\\')}`;
    case 'gt':
    case 'ge':
    case 'lt':
    case 'le':
      return sql`${text} ${orders[op]} ${value} collate "C"`;
  }
}

function compareNumber(number: RawBuilder<unknown>, op: Test['op'], key: number): Condition {
  switch (op) {
    case 'eq':
      return sql`${number} = ${key}`;
    case 'gt':
    case 'ge':
    case 'lt':
    case 'le':
      return sql`${number} ${orders[op]} ${key}`;
    case 'ne':
    case 'co':
    case 'sw':
    case 'ew':
    case 'like':
      throw new Fault('invalid_filter', `${op} does not go with numbers, flags and times`);
  }
}

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}
