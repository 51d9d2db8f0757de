import * as v from 'valibot';
import { readBody } from '#dialects/read-body.ts';
import { Fault, type Mistake } from '#domain/fault.ts';
import type { Limits } from '#http/limits.ts';
import type { JsonObject } from '#http/parse-json.ts';
import { singleQuery } from '#http/single-query.ts';

/** The schema of a body or of the query parameters; what it does not know is refused. */
export type ObjectSchema = v.StrictObjectSchema<v.ObjectEntries, undefined>;

/**
 * Reads the JSON object in the body; no body at all is an empty object where the schema takes one. Raises a fault for each
 * way in which it can be wrong.
 */
export async function readObject(
  request: Request,
  { bodyBytes, jsonDepth, jsonKeys, jsonStringLength }: Limits,
  schema: ObjectSchema,
): Promise<JsonObject> {
  if (!hasBody(request.headers) && v.is(schema, {})) return {};
  const mediaTypes = ['application/json'] as const;
  return readBody(request, { bodyBytes, jsonDepth, jsonKeys, jsonStringLength, mediaTypes });
}

function hasBody(headers: Headers): boolean {
  return headers.has('transfer-encoding') || (headers.get('content-length') ?? '0') !== '0';
}

/** Reads the query parameters, by their schema. Raises `invalid_value` that names everything that is wrong. */
export function readQuery<Schema extends ObjectSchema>(url: string, schema: Schema): v.InferOutput<Schema> {
  const names = Object.keys(schema.entries);
  const query = singleQuery(url, names);
  if (!query.ok) throw new Fault('invalid_value', query.detail);
  const known = Object.entries(query.values).map(([name, text = '']) => [
    name,
    parameterValue(schema.entries[name], text),
  ]);
  const others = [...new URL(url).searchParams.keys()].filter((name) => !names.includes(name));
  return check(schema, Object.fromEntries([...known, ...others.map((name) => [name, ''])]));
}

/** A parameter is text; where a number or a flag belongs, what the text says. Text that says none is left to the check. */
function parameterValue(entry: unknown, text: string): unknown {
  const { type, wrapped } = entry as { readonly type: string; readonly wrapped?: { readonly type: string } };
  const wanted = wrapped?.type ?? type;
  if (wanted === 'number' && /^-?\d{1,15}$/.test(text)) return Number(text);
  if (wanted === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}

/** Raises `invalid_value` that names everything in which a value differs from its schema. */
export function check<Schema extends ObjectSchema>(schema: Schema, value: unknown): v.InferOutput<Schema> {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const mistakes = result.issues.map((issue) => mistakeOf(issue, schema));
  const message = mistakes.map(({ name, detail }) => `${name} ${detail}`).join('; ');
  throw new Fault('invalid_value', message, { mistakes });
}

/** The library's own words repeat what was sent; these say what would be right. */
function mistakeOf(issue: v.BaseIssue<unknown>, schema: ObjectSchema): Mistake {
  const name = v.getDotPath(issue) ?? 'the request';
  if (issue.type !== 'strict_object') return { name, detail: issue.message };
  if (issue.expected !== 'never')
    return { name, detail: issue.received === 'undefined' ? 'is missing' : 'must be an object' };
  const known = Object.keys(schema.entries).join(', ');
  return { name, detail: known === '' ? 'is unknown; nothing is known here' : `is unknown; known are ${known}` };
}
