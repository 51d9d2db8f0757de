import type { JsonObject, JsonValue } from '#http/parse-json.ts';
import { checkEmail } from './check-email.ts';
import { emailFailure, type Failure, failure, type Location, valueFailure } from './failure.ts';
import { type Permission, permissionNames } from './permissions.ts';
import { unknownPermissions } from './words.ts';

/** What a value that was sent means, or all that is wrong with it. */
export type Checked = { readonly value: JsonValue } | { readonly failures: readonly Failure[] };

/** What a value has to be, as Pydantic 2 checks it where a model does not ask it to be strict. */
export type Kind = (value: JsonValue, loc: Location) => Checked;

/** What is larger is no integer to Pydantic. */
const integerMax = 2 ** 63;

const truths = ['1', 't', 'y', 'on', 'yes', 'true'];
const falsehoods = ['0', 'f', 'n', 'no', 'off', 'false'];

/** A text. */
export const text: Kind = (value, loc) => {
  if (typeof value !== 'string') return refused(failure('string_type', loc, value));
  // Neither Python nor a database has a text of such characters.
  if (value.includes('\0') || !value.isWellFormed())
    return refused(failure('string_unicode', loc, value.toWellFormed()));
  return { value };
};

/** Yes or no, also as a word or as 1 or 0. */
export const flag: Kind = (value, loc) => {
  if (typeof value === 'boolean') return { value };
  const isNumber = Number.isInteger(value) && Math.abs(value as number) < integerMax;
  if (typeof value !== 'string' && !isNumber) return refused(failure('bool_type', loc, value));
  const word = String(value).toLowerCase();
  if (truths.includes(word) && (!isNumber || value === 1)) return { value: true };
  if (falsehoods.includes(word)) return { value: false };
  return refused(failure('bool_parsing', loc, value));
};

/** An e-mail address, in lower case. */
export const email: Kind = (value, loc) => {
  const checked = text(value, loc);
  if ('failures' in checked) return checked;
  const address = checkEmail(value as string);
  if ('reason' in address) return refused(emailFailure(loc, value, address.reason));
  return { value: address.email.toLowerCase() };
};

/** Names of permissions. */
export const permissionList: Kind = (value, loc) => {
  if (!isList(value)) return refused(failure('list_type', loc, value));
  const items = value.map((item, index) => text(item, [...loc, index]));
  const failures = items.flatMap((item) => ('failures' in item ? item.failures : []));
  if (failures.length > 0) return { failures };
  const unknown = (value as readonly string[]).filter((name) => !permissionNames.includes(name as Permission));
  return unknown.length === 0 ? { value } : refused(valueFailure(loc, value, unknownPermissions(unknown)));
};

/** A value of another kind, or null. */
export function nullable(kind: Kind): Kind {
  return (value, loc) => (value === null ? { value } : kind(value, loc));
}

/** The members of a body, as a table says them: checks every one and tells all that is wrong, in the order of the table. */
export function checkMembers(
  members: Readonly<Record<string, { readonly kind: Kind; readonly required?: true }>>,
  body: JsonValue | undefined,
): { readonly members: JsonObject; readonly failures: readonly Failure[] } {
  if (body === undefined) return { members: {}, failures: [failure('missing', ['body'], null)] };
  if (!isObject(body)) return { members: {}, failures: [failure('model_attributes_type', ['body'], body)] };
  const checked = Object.entries(members).map(([name, { kind, required }]) => {
    const value = Object.hasOwn(body, name) ? body[name] : undefined;
    if (value !== undefined) return { name, ...kind(value, ['body', name]) };
    return { name, ...(required ? refused(failure('missing', ['body', name], body)) : { failures: [] }) };
  });
  return {
    members: Object.fromEntries(checked.flatMap((each) => ('value' in each ? [[each.name, each.value]] : []))),
    failures: checked.flatMap((each) => ('failures' in each ? each.failures : [])),
  };
}

function refused(...failures: readonly Failure[]): { readonly failures: readonly Failure[] } {
  return { failures };
}

/** Array.isArray does not narrow a readonly array. */
function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !isList(value);
}
