import {
  type JsonLimits,
  type JsonObject,
  type JsonValue,
  type Parsed,
  parseJson,
  type Refusal,
  refuse,
} from './parse-json.ts';

/** How large a body may be, what it may contain, and what it may call itself. */
export interface ReadJsonOptions extends JsonLimits {
  readonly bodyBytes: number;
  /** In lower case. The first is the one that a refusal recommends. */
  readonly mediaTypes: readonly [string, ...string[]];
}

// A byte order mark is skipped, as RFC 8259 section 8.1 allows: PowerShell sends one.
const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads a request's body as one JSON object: media type, charset and coding, size, UTF-8, and all that `parseJson`
 * checks. A body without Content-Type is read as JSON. Nothing is thrown: whatever is wrong comes back as a refusal,
 * a client that went away before its body was complete included. RFC 7644 sections 3.8 and 3.12, S-16.
 */
export async function readJson(request: Request, options: ReadJsonOptions): Promise<Parsed<JsonObject>> {
  const refusal = checkHeaders(request.headers, options);
  if (refusal) return refusal;
  const bytes = await readBytes(request, options.bodyBytes);
  if ('ok' in bytes) return bytes;
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    return refuse('not_utf8', 'the body is not valid UTF-8; send JSON in UTF-8');
  }
  const parsed = parseJson(text, options);
  if (!parsed.ok) return parsed;
  if (!isObject(parsed.value)) {
    return refuse('not_an_object', 'the body is not a JSON object; send one object in braces');
  }
  return { ok: true, value: parsed.value };
}

function checkHeaders(headers: Headers, options: ReadJsonOptions): Refusal | undefined {
  const type = headers.get('content-type');
  if (type !== null && !isAccepted(type, options.mediaTypes)) {
    const right = `Content-Type: ${options.mediaTypes[0]}; charset=utf-8`;
    return refuse('unsupported_media_type', `the Content-Type of the body is not accepted; send ${right}`);
  }
  const coding = headers.get('content-encoding');
  if (coding !== null && coding.trim().toLowerCase() !== 'identity') {
    return refuse('unsupported_media_type', 'a Content-Encoding is not accepted; send the body uncompressed');
  }
  const length = headers.get('content-length');
  if (length !== null && Number(length) > options.bodyBytes) return tooLarge(options.bodyBytes);
  return undefined;
}

function isAccepted(header: string, mediaTypes: readonly string[]): boolean {
  if (mediaTypes.includes(header)) return true;
  const [type = '', ...parameters] = header.toLowerCase().split(';');
  return mediaTypes.includes(type.trim()) && parameters.every(isUtf8OrOther);
}

function isUtf8OrOther(parameter: string): boolean {
  const [name = '', value = ''] = parameter.split('=', 2);
  return name.trim() !== 'charset' || /^\s*("?)utf-?8\1\s*$/.test(value);
}

/** The bytes of a body, or why they cannot be had. */
export async function readBytes(request: Request, bytesMax: number): Promise<Uint8Array | Refusal> {
  try {
    // The parser of Node holds a client to its Content-Length, so this way cannot read more than was checked. It
    // spares the web stream, which costs more than the rest of a small request.
    if (request.headers.get('content-length') === null) return await readStream(request, bytesMax);
    const bytes = new Uint8Array(await request.arrayBuffer());
    return bytes.length > bytesMax ? tooLarge(bytesMax) : bytes;
  } catch {
    return refuse('incomplete', 'the body ended before it was complete; send it again');
  }
}

async function readStream(request: Request, bytesMax: number): Promise<Uint8Array | Refusal> {
  if (request.body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = request.body.getReader();
  for (let step = await reader.read(); !step.done; step = await reader.read()) {
    size += step.value.length;
    // The stream is left as it is: cancelling it would close the connection before the answer is sent.
    if (size > bytesMax) return tooLarge(bytesMax);
    chunks.push(step.value);
  }
  return Buffer.concat(chunks, size);
}

function tooLarge(bytesMax: number): Refusal {
  return refuse('too_large', `the body is too large; send at most ${bytesMax} bytes`);
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
