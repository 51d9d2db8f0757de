import type { ErrorAnswer, FailedRequest } from '#dialects/dialect.ts';
import type { Fault, FaultKind } from '#domain/fault.ts';

const invalidRequest = { status: 400, error: 'invalid_request' };
const later = 'temporarily_unavailable';

/** What OAuth calls a fault: RFC 6749 section 5.2, and of section 4.1.2.1 what a server says that cannot answer now. */
const oauthErrors: Record<FaultKind, { readonly status: number; readonly error: string }> = {
  unauthenticated: { status: 401, error: 'invalid_client' },
  forbidden: { status: 400, error: 'unauthorized_client' },
  not_found: { status: 404, error: 'invalid_request' },
  already_exists: invalidRequest,
  invalid_syntax: invalidRequest,
  invalid_value: invalidRequest,
  invalid_path: invalidRequest,
  invalid_filter: invalidRequest,
  no_target: invalidRequest,
  read_only: invalidRequest,
  sensitive: invalidRequest,
  precondition_failed: invalidRequest,
  too_large: { status: 413, error: 'invalid_request' },
  too_many: invalidRequest,
  rate_limited: { status: 429, error: later },
  held: { status: 503, error: later },
  method_not_allowed: { status: 405, error: 'invalid_request' },
  unsupported_media_type: invalidRequest,
  unavailable: { status: 503, error: later },
};

/** Parameters that have an error of their own. */
const ofParameter: Readonly<Record<string, string>> = {
  grant_type: 'unsupported_grant_type',
  scope: 'invalid_scope',
};

/** The answer to a fault: RFC 6749 section 5.2. */
export function writeFault({ kind, message, details }: Fault): ErrorAnswer {
  const { status, error } = oauthErrors[kind];
  const { attribute = '', retryAfterSeconds, allow } = details;
  const headers = {
    ...(kind === 'unauthenticated' && { 'WWW-Authenticate': 'Basic realm="oauth"' }),
    ...(retryAfterSeconds !== undefined && { 'Retry-After': String(retryAfterSeconds) }),
    ...(allow !== undefined && { Allow: allow.join(', ') }),
  };
  return { status, headers, body: writeError(ofParameter[attribute] ?? error, message) };
}

/** The answer to an error that we did not foresee. It says nothing but where to look. */
export function writeUnexpected({ id }: FailedRequest): ErrorAnswer {
  const detail = `something went wrong here; the log of the server knows more under the request id ${id}`;
  return { status: 500, headers: {}, body: writeError('server_error', detail) };
}

/** The body of the answer to what never became a request. */
export function writeMalformed(_status: number, detail: string): string {
  return writeError('invalid_request', detail);
}

/** A description has neither quotation marks nor backslashes: RFC 6749 section 5.2. */
function writeError(error: string, description: string): string {
  return JSON.stringify({ error, error_description: description.replace(/["\\]/g, "'") });
}
