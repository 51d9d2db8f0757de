import type { JsonObject, JsonValue } from '#http/parse-json.ts';
import type { Part } from '../dialect.ts';
import type { Kind } from './kinds.ts';
import { refusal } from './refusal.ts';

/** One parameter of a route. */
export interface Parameter<Value> {
  readonly kind: Kind<Value>;
  readonly about: string;
  /** It may be absent or null. */
  readonly nullable?: true;
}

export type Parameters = Readonly<Record<string, Parameter<unknown>>>;

/** What was sent: undefined is absent, null was sent as null. */
export type Values<Table extends Parameters> = {
  readonly [Name in keyof Table]: Table[Name] extends { readonly nullable: true }
    ? ValueOf<Table[Name]> | null | undefined
    : ValueOf<Table[Name]>;
};

type ValueOf<Each> = Each extends { readonly kind: Kind<infer Value> } ? Value : never;

/**
 * Reads parameters in the order of their table. Raises `invalid_value` with the words for the first that is of another
 * kind; the others are not looked at: 3.2.
 */
export function readParameters<Table extends Parameters>(table: Table, sent: JsonObject): Values<Table> {
  return Object.fromEntries(
    Object.entries(table).map(([field, parameter]) => [field, readParameter(field, parameter, sent[field])]),
  ) as Values<Table>;
}

function readParameter(field: string, { kind, nullable }: Parameter<unknown>, sent: JsonValue | undefined): unknown {
  if (nullable && (sent === undefined || sent === null)) return sent;
  const read = kind.read(sent ?? null);
  if ('value' in read) return read.value;
  const { word } = kind;
  throw refusal('invalid_value', { word, field, specifics: read.specifics, ...(nullable && { nullable }) });
}

/** Those of the values that were sent. */
export function present(values: Readonly<Record<string, JsonValue | undefined>>): JsonObject {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as JsonObject;
}

/** Parameters as OpenAPI and the reference docs print them. */
export function partsOf(table: Parameters): Readonly<Record<string, Part>> {
  const parts = Object.entries(table).map(([name, { kind, about, nullable }]): [string, Part] => {
    const { type } = kind.shape;
    const shape = nullable && typeof type === 'string' ? { ...kind.shape, type: [type, 'null'] as const } : kind.shape;
    return [name, { about, shape, ...(!nullable && { required: true as const }) }];
  });
  return Object.fromEntries(parts);
}
