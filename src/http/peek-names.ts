import type { Limits } from './limits.ts';
import { parseJson } from './parse-json.ts';
import { readBytes } from './read-json.ts';

/**
 * The names of the members of a body that is a JSON object, whatever its Content-Type. The request can still be read
 * afterwards. None when the body does not say its length, is longer than `peekBytes`, or cannot be read.
 */
export async function peekNames(request: Request, limits: Limits): Promise<ReadonlySet<string>> {
  const length = request.headers.get('content-length');
  if (length === null || Number(length) > limits.peekBytes) return new Set();
  const bytes = await readBytes(request.clone() as Request, limits.peekBytes);
  if ('ok' in bytes) return new Set();
  const parsed = parseJson(new TextDecoder().decode(bytes), limits);
  if (!parsed.ok || typeof parsed.value !== 'object' || parsed.value === null) return new Set();
  return new Set(Object.keys(parsed.value));
}
