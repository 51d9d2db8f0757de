import type { JsonObject, JsonValue } from '#http/parse-json.ts';
import type { Shape } from '../representation.ts';
import { print } from './print.ts';
import type { Word } from './words.ts';

/** What a value of a kind is, or what exactly is wrong with it. */
export type Read<Value> = { readonly value: Value } | { readonly specifics: readonly string[] };

/** A kind of value that a parameter may have. */
export interface Kind<Value> {
  /** What Metabase says when a value is of another kind. */
  readonly word: Word;
  readonly shape: Shape;
  /** An absent value comes as null. */
  readonly read: (value: JsonValue) => Read<Value>;
}

/** A text with more than blanks in it. */
export const nonBlank: Kind<string> = {
  word: 'mustBeNonBlank',
  shape: { type: 'string' },
  read: (value) => textThat(value, ['non-blank string', isNonBlank]),
};

/** A text that nobody but its owner may know: what was sent in its place is not repeated. */
export const secret: Kind<string> = {
  ...nonBlank,
  read: (value) => {
    const mayBeShown = value === null || typeof value === 'string';
    return mayBeShown ? nonBlank.read(value) : { specifics: ['should be a string', 'non-blank string'] };
  },
};

/** A number from 1 on, or its digits. */
export const positiveInt: Kind<number> = {
  word: 'mustBePositive',
  shape: { type: 'integer' },
  read: (value) => {
    const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
    const isOne = typeof number === 'number' && Number.isInteger(number) && number > 0;
    return isOne ? { value: number } : wrong(value, 'value must be an integer greater than zero.');
  },
};

/** A flag, or its name. */
export const boolean: Kind<boolean> = {
  word: 'mustBeBoolean',
  shape: { type: 'boolean' },
  read: (value) => {
    const flag = value === 'true' ? true : value === 'false' ? false : value;
    return typeof flag === 'boolean' ? { value: flag } : wrong(value, 'should be a boolean');
  },
};

const atom = "[a-z0-9!#$%&'*+/=?^_`{|}~-]+";
const label = '[a-z0-9](?:[a-z0-9-]*[a-z0-9])?';
const emailPattern = new RegExp(`^${atom}(?:\\.${atom})*@(?:${label}\\.)+${label}$`);
const emailLengthMax = 320;

/** An e-mail address, which becomes lower case. */
export const email: Kind<string> = {
  word: 'mustBeEmail',
  shape: { type: 'string', format: 'email' },
  read: (value) => {
    const read = textThat(value, ['valid email address', isEmail], { mayBeEmpty: true });
    return 'value' in read ? { value: read.value.toLowerCase() } : read;
  },
};

/** Attributes that a sign-in passes on: an object. */
export const attributes: Kind<JsonObject> = {
  word: 'mustBeAttributes',
  shape: { type: 'object', additionalProperties: { type: ['string', 'null'] } },
  read: (value) => (isObject(value) ? { value } : wrong(value, 'invalid type')),
};

/** A group that a person is to be in. */
export interface MembershipWish {
  readonly id: number;
  readonly manages: boolean;
}

/** The whole set of the groups that a person is in. */
export const memberships: Kind<readonly MembershipWish[]> = {
  word: 'mustBeMemberships',
  shape: {
    type: 'array',
    items: {
      type: 'object',
      properties: { id: { type: 'integer' }, is_group_manager: { type: 'boolean' } },
      required: ['id'],
    },
  },
  read: (value) => {
    if (!isList(value)) return wrong(value, 'invalid type');
    const read = value.map(readMembership);
    const bad = read.find((each) => 'specifics' in each);
    return bad ?? { value: read.flatMap((each) => ('value' in each ? [each.value] : [])) };
  },
};

/** What is wrong with this value, in the words of Metabase. */
export function wrong(value: JsonValue, ...problems: readonly string[]): { readonly specifics: readonly string[] } {
  return { specifics: problems.map((problem) => `${problem}, received: ${print(value)}`) };
}

/** A text that passes a test. */
export function textThat(
  value: JsonValue,
  [name, isGood]: readonly [string, (text: string) => boolean],
  { mayBeEmpty = false } = {},
): Read<string> {
  if (typeof value !== 'string') return wrong(value, 'should be a string', name);
  if (isGood(value)) return { value };
  return value === '' && !mayBeEmpty ? wrong(value, 'should be at least 1 characters', name) : wrong(value, name);
}

function readMembership(value: JsonValue): Read<MembershipWish> {
  if (!isObject(value)) return wrong(value, 'invalid type');
  const id = positiveInt.read(value.id ?? null);
  if ('specifics' in id) return id;
  const manages = boolean.read(value.is_group_manager ?? false);
  return 'specifics' in manages ? manages : { value: { id: id.value, manages: manages.value } };
}

function isNonBlank(text: string): boolean {
  return text.trim() !== '';
}

function isEmail(text: string): boolean {
  return text.length <= emailLengthMax && emailPattern.test(text.toLowerCase());
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !isList(value);
}

/** Array.isArray does not narrow a readonly array. */
function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
