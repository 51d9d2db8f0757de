import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { fillJson, fillText, type Variables } from './case-variables.ts';

/** A request as it goes over the wire: the path and the headers are sent as they are. */
export interface CaseRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface CaseAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body where it is JSON. */
  readonly body: unknown;
}

type Headers = Readonly<Record<string, string | null>>;

/** A request as a case has it, with variables. */
interface WrittenRequest {
  readonly send: readonly [method: string, path: string, json?: unknown];
  /** The body where it is not JSON. */
  readonly raw?: string | undefined;
  /** What the body is, unless the headers say otherwise. */
  readonly mediaType: string;
  /** The headers of every request; that with the type of a body is left out where there is none. */
  readonly headers: Headers;
  /** Those of this one; null takes one away. */
  readonly overrides?: Headers | undefined;
}

/** Fills in the variables of a request. */
export function writeRequest(
  { send: [method, path, json], raw, mediaType, headers, overrides = {} }: WrittenRequest,
  variables: Variables,
): CaseRequest {
  const written = json === undefined ? undefined : JSON.stringify(fillJson(json, variables));
  const body = raw === undefined ? written : fillText(raw, variables);
  const type = body === undefined ? {} : { 'Content-Type': mediaType };
  const named = Object.entries(withOverrides(withOverrides(type, bodiless(headers, body)), overrides));
  return {
    method,
    path: fillText(path, variables),
    headers: Object.fromEntries(named.map(([name, value]) => [name, fillText(value, variables)])),
    ...(body !== undefined && { body }),
  };
}

/** The headers of a case without those of a body where there is none. */
function bodiless(headers: Headers, body: string | undefined): Headers {
  if (body !== undefined) return headers;
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'content-type'));
}

function withOverrides(headers: Readonly<Record<string, string>>, overrides: Headers): Record<string, string> {
  const replaced = new Set(Object.keys(overrides).map((name) => name.toLowerCase()));
  const kept = Object.entries(headers).filter(([name]) => !replaced.has(name.toLowerCase()));
  const added = Object.entries(overrides).flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]));
  return Object.fromEntries([...kept, ...added]);
}

/** Sends a request over a socket. `fetch` would write the path anew and add headers of its own. */
export async function sendRequest(
  origin: string,
  { method, path, headers, body }: Omit<CaseRequest, 'body'> & { readonly body?: string | Uint8Array },
): Promise<CaseAnswer> {
  const { hostname, port } = new URL(origin);
  const { promise, resolve, reject } = Promise.withResolvers<CaseAnswer>();
  const length: OutgoingHttpHeaders = body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) };
  const sent = request({ hostname, port, method, path, headers: { ...headers, ...length } });
  sent.once('error', reject);
  sent.once('response', (response) => {
    text(response).then((received) => {
      const isJson = response.headers['content-type']?.includes('json') && received !== '';
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        text: received,
        body: isJson ? JSON.parse(received) : undefined,
      });
    }, reject);
  });
  sent.end(body);
  return promise;
}
