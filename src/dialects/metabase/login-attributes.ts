import type { Values } from '#attributes/attribute.ts';
import type { JsonObject, JsonValue } from '#http/parse-json.ts';
import { valueAt } from '../representation.ts';

/** The attributes that a sign-in passes on as an object; null when there are none. */
export function attributesOf(values: Values): JsonObject | null {
  const pairs = (valueAt(values, 'muster.loginAttributes') ?? []) as readonly JsonObject[];
  if (pairs.length === 0) return null;
  return Object.fromEntries(pairs.map(({ name, value }) => [String(name ?? ''), value ?? null]));
}

/** An object as the pairs that the roll keeps. Their values are texts: what is none is written as JSON, as later versions do. */
export function pairsOf(attributes: JsonObject): JsonObject[] {
  return Object.entries(attributes).map(([name, value]) => ({ name, ...(value !== null && { value: textOf(value) }) }));
}

function textOf(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
