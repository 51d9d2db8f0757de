import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';
import { text } from 'node:stream/consumers';

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

/** Sends a request over a socket. `fetch` would write the path anew and add headers of its own. */
export async function sendRequest(origin: string, { method, path, headers, body }: CaseRequest): Promise<CaseAnswer> {
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
