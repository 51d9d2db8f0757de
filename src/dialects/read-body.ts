import { Fault, type FaultKind } from '#domain/fault.ts';
import type { BodyProblem, JsonObject } from '#http/parse-json.ts';
import { type ReadJsonOptions, readJson } from '#http/read-json.ts';

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

/** Reads the body of a request as one JSON object. Raises a fault for each way in which it can be wrong. */
export async function readBody(request: Request, options: ReadJsonOptions): Promise<JsonObject> {
  const read = await readJson(request, options);
  if (!read.ok) throw new Fault(bodyFaults[read.problem], read.detail);
  return read.value;
}
