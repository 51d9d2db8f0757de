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
  return sent !== null && acceptable.test(sent) ? sent : randomUUID();
}
