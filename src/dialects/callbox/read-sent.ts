import { Fault } from '#domain/fault.ts';
import type { Limits } from '#http/limits.ts';
import { type HarmlessProblem, type JsonValue, parseJson } from '#http/parse-json.ts';
import { readBytes } from '#http/read-json.ts';
import { failure, unprocessable } from './failure.ts';
import { findJsonError } from './find-json-error.ts';
import { words } from './words.ts';

const json = /^\s*application\/(?:[^\s;/]*\+)?json\s*(?:;|$)/i;
// A byte order mark is skipped, as Python does.
const strict = new TextDecoder('utf-8', { fatal: true });
const lenient = new TextDecoder('utf-8');

/** What other programs refuse in JSON, and Python takes: of a key that comes twice the last counts. */
const harmless: readonly HarmlessProblem[] = [
  'duplicate_key',
  'forbidden_key',
  'number_out_of_range',
  'ill_formed_text',
];

/**
 * What a body holds, as FastAPI reads it before it asks who sends it: JSON, text where it calls itself something else,
 * undefined where it is empty. Raises `invalid_value` for text that is no JSON, `invalid_syntax` and `too_large`.
 */
export async function readSent(request: Request, limits: Limits): Promise<JsonValue | undefined> {
  const bytes = await readBytes(request, limits.bodyBytes);
  if ('ok' in bytes) throw new Fault(bytes.problem === 'too_large' ? 'too_large' : 'invalid_syntax', bytes.detail);
  if (bytes.length === 0) return undefined;
  const type = request.headers.get('content-type') ?? '';
  return type === '' || json.test(type) ? readJson(decoded(bytes), limits) : lenient.decode(bytes);
}

function decoded(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    throw new Fault('invalid_syntax', words.unreadableBody);
  }
}

function readJson(text: string, limits: Limits): JsonValue {
  const parsed = parseJson(text, limits, harmless);
  if (parsed.ok) return parsed.value;
  const isBroken = parsed.problem === 'not_json' || parsed.problem === 'empty';
  const error = isBroken ? findJsonError(text) : undefined;
  if (error === undefined) throw new Fault('invalid_syntax', words.unreadableBody);
  throw unprocessable([failure('json_invalid', ['body', error.position], {}, { error: error.message })]);
}
