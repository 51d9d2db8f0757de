import { utcTime } from '#domain/utc-time.ts';
import type { JsonValue } from '#http/parse-json.ts';
import type { Shape } from './representation.ts';

/** What a value has to be, in words, and whether it is. */
const kinds: Readonly<Record<string, readonly [words: string, is: (value: JsonValue) => boolean]>> = {
  string: ['text', (value) => typeof value === 'string'],
  integer: ['a whole number', (value) => Number.isSafeInteger(value)],
  boolean: ['true or false', (value) => typeof value === 'boolean'],
  array: ['a list', (value) => Array.isArray(value)],
  object: ['an object', (value) => typeof value === 'object' && value !== null && !Array.isArray(value)],
  null: ['null', (value) => value === null],
};

const formats: Readonly<Record<string, readonly [words: string, is: (text: string) => boolean]>> = {
  email: ['an e-mail address', (text) => /^[^\s@]+@[^\s@]+$/.test(text)],
  'date-time': ['a time', (text) => utcTime(text) !== undefined],
};

/** What a value that was saved elsewhere should be instead, such as `should be true or false`; undefined for one that has its shape. */
export function wrongIn(value: JsonValue, { type, format, enum: words, items }: Shape): string | undefined {
  const types = [type].flat();
  if (!types.some((name) => kinds[name]?.[1](value))) {
    return `should be ${types.map((name) => kinds[name]?.[0]).join(' or ')}`;
  }
  if (typeof value === 'string') {
    const [form, is] = formats[format ?? ''] ?? [];
    if (is !== undefined && !is(value)) return `should be ${form}`;
    return words === undefined || words.includes(value) ? undefined : `should be one of ${words.join(', ')}`;
  }
  if (items === undefined || !Array.isArray(value)) return undefined;
  const detail = value.map((item) => wrongIn(item, items)).find((each) => each !== undefined);
  return detail === undefined ? undefined : `has an item that ${detail}`;
}
