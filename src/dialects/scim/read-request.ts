import type { ResourceType } from '#attributes/resource-type.ts';
import { Fault, type FaultKind } from '#domain/fault.ts';
import type { Limits } from '#http/limits.ts';
import type { BodyProblem, JsonObject } from '#http/parse-json.ts';
import { readJson } from '#http/read-json.ts';
import { singleQuery } from '#http/single-query.ts';
import { mediaType } from './schemas.ts';

const bodyFaults: Record<BodyProblem, FaultKind> = {
  unsupported_media_type: 'unsupported_media_type',
  too_large: 'too_large',
  incomplete: 'invalid_syntax',
  empty: 'invalid_syntax',
  not_utf8: 'invalid_syntax',
  not_json: 'invalid_syntax',
  not_an_object: 'invalid_syntax',
  too_deep: 'invalid_syntax',
  too_many_keys: 'invalid_syntax',
  duplicate_key: 'invalid_syntax',
  forbidden_key: 'invalid_syntax',
  string_too_long: 'invalid_value',
  ill_formed_text: 'invalid_value',
  number_out_of_range: 'invalid_value',
};

/**
 * Reads the body of a request about a resource as one JSON object: RFC 7644 section 3.8. Groups may be larger, for their
 * members. Raises a fault for each way in which it can be wrong.
 */
export async function readBody(request: Request, limits: Limits, type: ResourceType): Promise<JsonObject> {
  const read = await readJson(request, {
    bodyBytes: type.name === 'Group' ? limits.largeBodyBytes : limits.bodyBytes,
    jsonDepth: limits.jsonDepth,
    jsonKeys: limits.jsonKeys,
    jsonStringLength: limits.jsonLongStringLength,
    mediaTypes: [mediaType, 'application/json'],
  });
  if (!read.ok) throw new Fault(bodyFaults[read.problem], read.detail);
  return read.value;
}

const queryNames = ['filter', 'startIndex', 'count', 'attributes', 'excludedAttributes'] as const;

/** The query parameters of RFC 7644 section 3.4.2, in any case; others are ignored. Raises `invalid_value` for one that came twice. */
export function readQuery(url: string) {
  const query = singleQuery(url, queryNames, { anyCase: true });
  if (!query.ok) throw new Fault('invalid_value', query.detail);
  return query.values;
}
