import { Fault } from '#domain/fault.ts';
import type { JsonValue } from '#http/parse-json.ts';

/** Where in a request something is: `['body', 'permissions', 0]`. */
export type Location = readonly (string | number)[];

/** One thing that is wrong with a request, as FastAPI writes it, in this order. */
export interface Failure {
  readonly type: string;
  readonly loc: Location;
  readonly msg: string;
  readonly input: JsonValue;
  readonly ctx?: Readonly<Record<string, JsonValue>>;
}

/** What can be wrong with a value, in the words of Pydantic 2. */
const messages = {
  missing: 'Field required',
  json_invalid: 'JSON decode error',
  model_attributes_type: 'Input should be a valid dictionary or object to extract fields from',
  string_type: 'Input should be a valid string',
  string_unicode: 'Input should be a valid string, unable to parse raw data as a unicode string',
  bool_type: 'Input should be a valid boolean',
  bool_parsing: 'Input should be a valid boolean, unable to interpret input',
  int_parsing: 'Input should be a valid integer, unable to parse string as an integer',
  int_parsing_size: 'Unable to parse input string as an integer, exceeded maximum size',
  list_type: 'Input should be a valid list',
} as const satisfies Readonly<Record<string, string>>;

/** Says what is wrong with a value. */
export function failure(type: keyof typeof messages, loc: Location, input: JsonValue, ctx?: Failure['ctx']): Failure {
  return { type, loc, msg: messages[type], input, ...(ctx !== undefined && { ctx }) };
}

/** Says that a text is no e-mail address, and why. */
export function emailFailure(loc: Location, input: JsonValue, reason: string): Failure {
  return { type: 'value_error', loc, msg: `value is not a valid email address: ${reason}`, input, ctx: { reason } };
}

/** Says that a value breaks a rule of the program. */
export function valueFailure(loc: Location, input: JsonValue, rule: string): Failure {
  // What FastAPI makes of the exception of a Python program is an object without members.
  return { type: 'value_error', loc, msg: `Value error, ${rule}`, input, ctx: { error: {} } };
}

/** The fault of a request in which all this is wrong. What was sent does not get into the log. */
export function unprocessable(failures: readonly Failure[]): Fault {
  const message = failures.map(({ loc, type }) => `${loc.join('.')}: ${type}`).join('; ');
  return new Fault('invalid_value', message, { said: failures });
}
