import { randomUUID } from 'node:crypto';

const acceptable = /^[A-Za-z0-9._-]{1,64}$/;

/** The header that carries a request's id, in both directions. */
export const requestIdHeader = 'X-Request-Id';

/**
 * Gives the id by which this request is found in the log: the client's own when it is short and plain enough to be
 * safe in a log line, else a new one.
 */
export function readRequestId(headers: Headers): string {
  const sent = headers.get(requestIdHeader);
  return sent !== null && acceptable.test(sent) ? sent : newRequestId();
}

/**
 * A new id: a UUID of version 7 (RFC 9562 section 5.7). Ids of one time are neighbours in an index, and the id alone tells
 * when the request came.
 */
export function newRequestId(): string {
  const time = Date.now().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}
