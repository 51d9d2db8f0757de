import type { Value, Values } from '#attributes/attribute.ts';
import type { Change } from '#domain/change.ts';
import type { Person } from '#domain/person.ts';
import type { JsonObject, JsonValue } from '#http/parse-json.ts';

/** How a value looks on the wire, as a JSON Schema (2020-12): what OpenAPI and the reference docs print. */
export interface Shape {
  readonly type: WireType | readonly [WireType, 'null'];
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly items?: Shape;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Shape;
}

type WireType = 'string' | 'integer' | 'boolean' | 'object' | 'array' | 'null';

/** One field of an object on the wire, and which fact it is. */
export interface Field {
  readonly about: string;
  readonly shape: Shape;
  /** The attribute that it shows; absent where it is made from several facts or from none of the table. */
  readonly path?: string;
  /** Our own choice, since the API's documents do not say. */
  readonly assumed?: true;
  /** The value to show. */
  readonly write: (person: Person) => JsonValue;
  /**
   * What a value that was sent means; the dialect has checked its form before. Absent: ignored when sent. `before` are the
   * attributes as they are; empty for a create.
   */
  readonly read?: (value: JsonValue, before: Values) => readonly Change[];
  /** Values that a client may send, for the docs and the laws; needed where `read` is there. */
  readonly examples?: readonly JsonValue[];
}

/** The fields of an object, in the order in which they are written. */
export type Representation = Readonly<Record<string, Field>>;

/** A person as JSON in the fields of an API. */
export function toWire(fields: Representation, person: Person): JsonObject {
  const wire: Record<string, JsonValue> = {};
  for (const name of Object.keys(fields)) wire[name] = (fields[name] as Field).write(person);
  return wire;
}

/** What a body wants to be different: the changes of each of its members that the API lets clients write, in the order of the fields. */
export function toChanges(fields: Representation, body: JsonObject, before: Values): Change[] {
  return Object.entries(fields).flatMap(([name, { read }]) => {
    const value = body[name];
    return read === undefined || value === undefined ? [] : read(value, before);
  });
}

/** The value at a path such as `muster.role` or `name.givenName`; null where there is none, as JSON says it. */
export function valueAt(values: Values, path: string): JsonValue {
  return follow(values, path.split('.'));
}

function follow(values: Values, names: readonly string[]): JsonValue {
  let value: Value | undefined = values;
  for (const name of names) value = (value as Values | undefined)?.[name];
  return (value ?? null) as JsonValue;
}

/** A field that shows one attribute as it is and writes it as it comes; null clears it. */
export function same(
  path: string,
  about: string,
  { shape, examples }: { readonly shape: Shape; readonly examples: readonly JsonValue[] },
): Field {
  const names = path.split('.');
  return {
    ...{ about, shape, path, examples },
    write: ({ values }) => follow(values, names),
    read: (value) => [changeTo(path, value)],
  };
}

/** A field that nobody writes. */
export function readOnly(about: string, shape: Shape, write: Field['write'], path?: string): Field {
  return { about, shape, write, ...(path !== undefined && { path }) };
}

/** Gives a path this value; null takes its value away. */
export function changeTo(path: string, value: JsonValue): Change {
  return value === null ? { op: 'clear', path } : { op: 'set', path, value: value as Value };
}

/** The primary e-mail, else the first, else null. */
export function emailOf({ emails = [] }: Values): string | null {
  const all = emails as readonly Values[];
  const chosen = all.find(({ primary }) => primary === true) ?? all[0];
  return (chosen?.value as string | undefined) ?? null;
}

/**
 * Another primary e-mail. Where it was the user name too, both change; who is new gets both. The other e-mails stay.
 */
export function changeEmail(email: string, before: Values): readonly Change[] {
  const old = emailOf(before);
  const { emails = [], userName } = before;
  const all = emails as readonly Values[];
  const chosen = all.find(({ primary }) => primary === true) ?? all[0];
  const written = { ...(chosen ?? { type: 'work' }), value: email, primary: true };
  const kept = chosen === undefined ? [written] : all.map((each) => (each === chosen ? written : each));
  const change: Change = { op: 'set', path: 'emails', value: kept };
  const isName = userName === undefined || userName === old;
  return isName ? [{ op: 'set', path: 'userName', value: email }, change] : [change];
}

/**
 * The field of the primary e-mail, kept in lower case. Null leaves it, and so does an address that differs from it in
 * nothing but capital letters.
 */
export function lowerCaseEmail(about: string, examples: readonly JsonValue[]): Field {
  return {
    ...{ about, path: 'emails.value', shape: { type: ['string', 'null'], format: 'email' }, examples },
    write: ({ values }) => emailOf(values),
    read: (value, before) => {
      if (typeof value !== 'string') return [];
      const email = value.toLowerCase();
      return email === emailOf(before)?.toLowerCase() ? [] : changeEmail(email, before);
    },
  };
}

/** A field that is yes or no. Null leaves it; what it is already is not set again. */
export function switched(path: string, about: string, isOn: (values: Values) => boolean): Field {
  return {
    ...{ about, path, shape: { type: 'boolean' }, examples: [true, false] },
    write: ({ values }) => isOn(values),
    read: (value, before) => (value === null || value === isOn(before) ? [] : [changeTo(path, value)]),
  };
}
