import { STATUS_CODES } from 'node:http';
import type { ErrorAnswer, FailedRequest } from '#dialects/dialect.ts';
import type { Fault, FaultKind } from '#domain/fault.ts';

/** The media type of every error: RFC 9457 section 3. */
export const problemType = 'application/problem+json';

interface Problem {
  readonly status: number;
  /** The same for every fault of the kind; what is particular is in `detail`. */
  readonly title: string;
}

/** Every fault in the words of RFC 9457, and what nobody foresaw. */
export const adminErrors: Readonly<Record<FaultKind | 'unexpected', Problem>> = {
  unauthenticated: { status: 401, title: 'No valid credential' },
  forbidden: { status: 403, title: 'A right is missing' },
  not_found: { status: 404, title: 'Not found' },
  already_exists: { status: 409, title: 'Taken by another' },
  invalid_syntax: { status: 400, title: 'The request cannot be read' },
  invalid_value: { status: 400, title: 'A value is wrong' },
  invalid_path: { status: 400, title: 'A path is wrong' },
  invalid_filter: { status: 400, title: 'A filter is wrong' },
  no_target: { status: 400, title: 'Nothing is picked' },
  read_only: { status: 400, title: 'Cannot be changed' },
  sensitive: { status: 403, title: 'Not to be asked about' },
  precondition_failed: { status: 412, title: 'Changed since it was read' },
  too_large: { status: 413, title: 'The request is too large' },
  too_many: { status: 400, title: 'Too many are meant' },
  rate_limited: { status: 429, title: 'Too many requests' },
  held: { status: 503, title: 'Held until somebody allows it' },
  method_not_allowed: { status: 405, title: 'The path does not take this method' },
  unsupported_media_type: { status: 415, title: 'The body is of another media type' },
  unavailable: { status: 503, title: 'The database is away or busy' },
  unexpected: { status: 500, title: 'Something went wrong here' },
};

/** The answer to a fault: RFC 9457 section 3.1. The instance is the request id. */
export function writeFault(fault: Fault, { id }: FailedRequest): ErrorAnswer {
  return writeProblem(fault.kind, fault.message, id, fault);
}

/** The answer to an error that we did not foresee. It says nothing but where to look. */
export function writeUnexpected({ id }: FailedRequest): ErrorAnswer {
  return writeProblem('unexpected', 'the log of the server knows more under the request id in "instance"', id);
}

/** The body of the answer to what never became a request. */
export function writeMalformed(status: number, detail: string): string {
  return JSON.stringify({ type: 'about:blank', title: STATUS_CODES[status], status, detail });
}

function writeProblem(kind: FaultKind | 'unexpected', detail: string, instance: string, fault?: Fault): ErrorAnswer {
  const { status, title } = adminErrors[kind];
  const errors = fault && mistakesOf(fault);
  return {
    status,
    headers: fault === undefined ? {} : headersOf(fault),
    body: JSON.stringify({ type: `urn:muster:fault:${kind}`, title, status, detail, instance, errors }),
  };
}

function mistakesOf({ message, details: { attribute, mistakes } }: Fault) {
  return mistakes ?? (attribute === undefined ? undefined : [{ name: attribute, detail: message }]);
}

/** RFC 6750 section 3: a request without any credential hears no error code. */
function headersOf({ kind, details: { wrongCredential, retryAfterSeconds, allow } }: Fault): Record<string, string> {
  const error = wrongCredential && (kind === 'forbidden' ? 'insufficient_scope' : 'invalid_token');
  const isChallenge = kind === 'unauthenticated' || (kind === 'forbidden' && wrongCredential);
  return {
    ...(isChallenge && { 'WWW-Authenticate': `Bearer realm="admin"${error ? `, error="${error}"` : ''}` }),
    ...(retryAfterSeconds !== undefined && { 'Retry-After': String(retryAfterSeconds) }),
    ...(allow !== undefined && { Allow: allow.join(', ') }),
  };
}
