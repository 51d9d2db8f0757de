import { Fault } from '#domain/fault.ts';
import type { Limits } from '#http/limits.ts';
import type { BodyProblem, JsonObject } from '#http/parse-json.ts';
import { readJson } from '#http/read-json.ts';
import { singleQuery } from '#http/single-query.ts';
import type { DialectContext } from '../dialect.ts';
import { refusal } from './refusal.ts';

const jsonMediaType = /^application\/(?:[\w.!#$&^-]+\+)?json$/;

/** What is JSON, but more of it than is read. */
const overLimits: ReadonlySet<BodyProblem> = new Set(['too_large', 'too_deep', 'too_many_keys', 'string_too_long']);

/**
 * The members of a body, which the request log keeps too. One that does not call itself JSON, or is empty, has none: 3.2.
 * Raises `invalid_syntax` for what is no JSON object, and `too_large`.
 */
export async function readMembers({ req, var: { record } }: DialectContext, limits: Limits): Promise<JsonObject> {
  const type = req.header('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (!jsonMediaType.test(type)) return {};
  const read = await readJson(req.raw, { ...limits, mediaTypes: [type] });
  if (read.ok) {
    record.body = read.value;
    return read.value;
  }
  if (read.problem === 'empty') return {};
  if (overLimits.has(read.problem)) throw new Fault('too_large', read.detail);
  throw refusal('invalid_syntax', { word: 'malformedJson' }, { cause: new Error(read.detail) });
}

/** These parameters of the query; others are skipped. Raises `invalid_value` for one that came twice. */
export function readQuery<Name extends string>(
  url: string,
  names: readonly Name[],
): Readonly<Partial<Record<Name, string>>> {
  const query = singleQuery(url, names);
  if (!query.ok) throw new Fault('invalid_value', query.detail);
  return query.values;
}
