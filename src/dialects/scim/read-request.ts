import type { ResourceType } from '#attributes/resource-type.ts';
import { Fault } from '#domain/fault.ts';
import type { Limits } from '#http/limits.ts';
import type { JsonObject } from '#http/parse-json.ts';
import { singleQuery } from '#http/single-query.ts';
import { readBody } from '../read-body.ts';
import { mediaType } from './schemas.ts';

/**
 * Reads the body of a request about a resource as one JSON object: RFC 7644 section 3.8. Groups may be larger, for their
 * members. Raises a fault for each way in which it can be wrong.
 */
export function readResourceBody(request: Request, limits: Limits, type: ResourceType): Promise<JsonObject> {
  return readBody(request, {
    bodyBytes: type.name === 'Group' ? limits.largeBodyBytes : limits.bodyBytes,
    jsonDepth: limits.jsonDepth,
    jsonKeys: limits.jsonKeys,
    jsonStringLength: limits.jsonLongStringLength,
    mediaTypes: [mediaType, 'application/json'],
  });
}

const queryNames = ['filter', 'startIndex', 'count', 'attributes', 'excludedAttributes'] as const;

/** The query parameters of RFC 7644 section 3.4.2, in any case; others are ignored. Raises `invalid_value` for one that came twice. */
export function readQuery(url: string) {
  const query = singleQuery(url, queryNames, { anyCase: true });
  if (!query.ok) throw new Fault('invalid_value', query.detail);
  return query.values;
}
