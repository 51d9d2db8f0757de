import { type Refusal, refuse } from './parse-json.ts';
import { readBytes } from './read-json.ts';

/** A form that was read, or why it could not be. */
export type ReadForm = { readonly ok: true; readonly value: ReadonlyMap<string, string> } | Refusal;

/**
 * Reads a request's body as a form of type application/x-www-form-urlencoded in which no name comes twice: RFC 6749
 * section 3.2 and appendix B. Names without value are left out, as that section wants. Nothing is thrown.
 */
export async function readForm(request: Request, bytesMax: number): Promise<ReadForm> {
  const [type = ''] = (request.headers.get('content-type') ?? '').toLowerCase().split(';');
  if (type.trim() !== 'application/x-www-form-urlencoded') {
    return refuse('unsupported_media_type', 'send Content-Type: application/x-www-form-urlencoded');
  }
  const bytes = await readBytes(request, bytesMax);
  if ('ok' in bytes) return bytes;
  const value = new Map<string, string>();
  for (const [name, text] of new URLSearchParams(Buffer.from(bytes).toString())) {
    if (value.has(name)) return refuse('duplicate_key', 'a name comes twice in the form; send each once');
    if (text !== '') value.set(name, text);
  }
  return { ok: true, value };
}
