import * as v from 'valibot';
import type { Attribute, Value } from '#attributes/attribute.ts';
import { isId } from './is-id.ts';
import { parseDateTime } from './key-of.ts';

/** The longest string without a limit of its own, in code points. */
const textLengthMax = 65_536;

const base64 = /^[A-Za-z0-9+/_-]*={0,2}$/;

const schemas = new WeakMap<Attribute, v.GenericSchema<unknown, Value>>();

/**
 * The valibot schema of one value of an attribute: one element where it is multi-valued. Built from the table once.
 * Parts that the server computes are dropped; unknown parts are refused. RFC 7643 section 2.3.
 */
export function valueSchema(attribute: Attribute): v.GenericSchema<unknown, Value> {
  const known = schemas.get(attribute);
  if (known !== undefined) return known;
  const built = attribute.type === 'complex' ? complexSchema(attribute) : simpleSchema(attribute);
  schemas.set(attribute, built);
  return built;
}

function simpleSchema(attribute: Attribute): v.GenericSchema<unknown, Value> {
  switch (attribute.type) {
    case 'boolean':
      return v.boolean('must be true or false');
    case 'integer':
      return v.pipe(v.number('must be a whole number'), v.safeInteger('must be a whole number'), unsigned);
    case 'decimal':
      return v.pipe(v.number('must be a number'), v.finite('must be a number'), unsigned);
    case 'dateTime':
      return v.pipe(
        v.string('must be a date and time with a zone, such as 2026-01-31T12:00:00Z'),
        v.check(
          (text) => parseDateTime(text) !== undefined,
          'must be a date and time with a zone, such as 2026-01-31T12:00:00Z',
        ),
      );
    case 'binary':
      return v.pipe(textSchema(attribute), v.regex(base64, 'must be base64'));
    case 'string':
    case 'reference':
    case 'complex':
      if (attribute.strict)
        return v.picklist(attribute.canonical ?? [], `must be one of ${attribute.canonical?.join(', ')}`);
      return isIdOfOurs(attribute) ? v.pipe(textSchema(attribute), asOwnId) : textSchema(attribute);
  }
}

function isIdOfOurs({ type, references }: Attribute): boolean {
  return type === 'string' && references !== undefined;
}

/** Ids of ours are in lower case; whoever sends one in capitals means the same resource. */
const asOwnId = v.transform((text: string) => (isId(text) ? text.toLowerCase() : text));

/** JSON writes -0 as 0, so that they would be two values before they are stored and one after. */
const unsigned = v.transform((number: number) => number + 0);

function textSchema(attribute: Attribute) {
  const lengthMax = attribute.type === 'binary' ? 1_048_576 : (attribute.lengthMax ?? textLengthMax);
  return v.pipe(
    v.string('must be text'),
    v.check((text) => text.isWellFormed() && !text.includes('\0'), 'must be well-formed text without NUL'),
    v.check(
      (text) => text.length <= lengthMax || [...text].length <= lengthMax,
      `must not be longer than ${lengthMax}`,
    ),
  );
}

function complexSchema(attribute: Attribute): v.GenericSchema<unknown, Value> {
  const parts = Object.entries(attribute.parts ?? {});
  const entries = parts
    .filter(([, part]) => !part.computed && part.mutability !== 'readOnly')
    .map(([name, part]) => [name, v.optional(part.many ? v.array(valueSchema(part)) : valueSchema(part))] as const);
  const computed = new Set(
    parts.filter(([, part]) => part.computed || part.mutability === 'readOnly').map(([name]) => name),
  );
  return v.pipe(
    v.custom<Record<string, unknown>>(isObject, 'must be an object'),
    v.transform((value) => Object.fromEntries(Object.entries(value).filter(([name]) => !computed.has(name)))),
    v.strictObject(Object.fromEntries(entries)),
  ) as unknown as v.GenericSchema<unknown, Value>;
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
