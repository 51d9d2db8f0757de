import type { Fault, FaultKind } from '#domain/fault.ts';
import { resourceMetadataPath } from '#http/resource-metadata.ts';
import type { ErrorAnswer, ErrorShape, FailedRequest } from '../dialect.ts';
import { basePath } from './base-path.ts';
import { mediaType, urns } from './schemas.ts';

/** What SCIM calls a fault: RFC 7644 section 3.12, table 9. */
interface ScimError {
  readonly status: number;
  readonly scimType?: string;
}

/** Every fault in SCIM's words. */
export const scimErrors: Record<FaultKind, ScimError> = {
  unauthenticated: { status: 401 },
  forbidden: { status: 403 },
  not_found: { status: 404 },
  already_exists: { status: 409, scimType: 'uniqueness' },
  invalid_syntax: { status: 400, scimType: 'invalidSyntax' },
  invalid_value: { status: 400, scimType: 'invalidValue' },
  invalid_path: { status: 400, scimType: 'invalidPath' },
  invalid_filter: { status: 400, scimType: 'invalidFilter' },
  no_target: { status: 400, scimType: 'noTarget' },
  read_only: { status: 400, scimType: 'mutability' },
  sensitive: { status: 403, scimType: 'sensitive' },
  precondition_failed: { status: 412 },
  too_large: { status: 413 },
  too_many: { status: 400, scimType: 'tooMany' },
  rate_limited: { status: 429 },
  held: { status: 503 },
  method_not_allowed: { status: 405 },
  unsupported_media_type: { status: 415 },
  unavailable: { status: 503 },
};

/** The body of every error: RFC 7644 section 3.12. */
export const errorShape: ErrorShape = {
  mediaType,
  about: 'An error of SCIM.',
  shape: {
    type: 'object',
    properties: {
      schemas: { type: 'array', items: { type: 'string', enum: [urns.error] } },
      status: { type: 'string' },
      scimType: { type: 'string' },
      detail: { type: 'string' },
    },
    required: ['schemas', 'status', 'detail'],
  },
};

/** The answer to a fault: RFC 7644 section 3.12. A challenge says where the resource is described: RFC 9728 section 5.1. */
export function writeFault(fault: Fault, { publicUrl }: FailedRequest): ErrorAnswer {
  const { status, scimType } = scimErrors[fault.kind];
  return {
    status,
    headers: headersOf(fault, `${publicUrl}${resourceMetadataPath}${basePath}`),
    body: writeError(status, fault.message, scimType),
  };
}

/** The answer to an error that we did not foresee. It says nothing but where to look. */
export function writeUnexpected({ id }: FailedRequest): ErrorAnswer {
  return {
    status: 500,
    headers: {},
    body: writeError(500, `something went wrong here; the log of the server knows more under the request id ${id}`),
  };
}

/** The body of an error: RFC 7644 section 3.12. */
export function writeError(status: number, detail: string, scimType?: string): string {
  return JSON.stringify({ schemas: [urns.error], status: String(status), scimType, detail });
}

/** RFC 6750 section 3: a request without any credential hears no error code. */
function challenge(metadataUrl: string, error: string | undefined): Record<string, string> {
  const code = error === undefined ? '' : `, error="${error}"`;
  return { 'WWW-Authenticate': `Bearer realm="scim"${code}, resource_metadata="${metadataUrl}"` };
}

function headersOf({ kind, details }: Fault, metadataUrl: string): Record<string, string> {
  return {
    ...(kind === 'unauthenticated' && challenge(metadataUrl, details.wrongCredential ? 'invalid_token' : undefined)),
    ...(kind === 'forbidden' && details.wrongCredential && challenge(metadataUrl, 'insufficient_scope')),
    ...(details.retryAfterSeconds !== undefined && { 'Retry-After': String(details.retryAfterSeconds) }),
    ...(details.allow !== undefined && { Allow: details.allow.join(', ') }),
  };
}
