import type { BrokenRule, Fault, FaultKind } from '#domain/fault.ts';
import type { ErrorAnswer, ErrorShape, FailedRequest } from '../dialect.ts';
import type { Shape } from '../representation.ts';
import { type Failure, valueFailure } from './failure.ts';
import { words } from './words.ts';

/** What FastAPI calls a fault; without a text, what the fault says of itself. */
interface CallboxError {
  readonly status: number;
  readonly detail?: string;
}

/** Every fault in the words of the API: 1.3. */
const callboxErrors: Record<FaultKind, CallboxError> = {
  unauthenticated: { status: 401, detail: words.notAuthenticated },
  forbidden: { status: 403, detail: words.notEnoughPermissions },
  not_found: { status: 404, detail: words.unknownUser },
  already_exists: { status: 400, detail: words.emailTaken },
  invalid_syntax: { status: 400 },
  invalid_value: { status: 422 },
  invalid_path: { status: 422 },
  invalid_filter: { status: 400 },
  no_target: { status: 400 },
  read_only: { status: 422 },
  sensitive: { status: 403, detail: words.notEnoughPermissions },
  precondition_failed: { status: 409, detail: words.changedMeanwhile },
  too_large: { status: 413, detail: words.tooLarge },
  too_many: { status: 400 },
  rate_limited: { status: 429, detail: words.tooManyRequests },
  held: { status: 503, detail: words.held },
  method_not_allowed: { status: 405, detail: words.methodNotAllowed },
  unsupported_media_type: { status: 400, detail: words.unreadableBody },
  unavailable: { status: 503, detail: words.unavailable },
};

/** The rules of the system that the API has words for. The others are said as their kind. */
const rules: Partial<Record<BrokenRule, CallboxError>> = {
  own_account: { status: 400, detail: words.ownAccount },
  own_superuser: { status: 400, detail: words.ownSuperuser },
  last_superuser: { status: 400, detail: words.lastSuperuser },
  protected_account: { status: 403, detail: words.protectedAccount },
};

/** The members of a body for attributes with which something can be wrong. */
const memberOf: Readonly<Record<string, string>> = {
  userName: 'email',
  emails: 'email',
  'emails.value': 'email',
  'name.givenName': 'first_name',
  'name.familyName': 'last_name',
};

const text: Shape = { type: 'string' };

/** The forms of the bodies of errors: 1.3. */
export const errorShapes: readonly ErrorShape[] = [
  {
    ...{ mediaType: 'application/json', about: 'What is wrong.' },
    shape: { type: 'object', properties: { detail: text }, required: ['detail'] },
  },
  {
    ...{ mediaType: 'application/json', about: 'Everything that is wrong with what was sent.' },
    shape: {
      type: 'object',
      properties: {
        detail: {
          type: 'array',
          items: {
            type: 'object',
            properties: { type: text, loc: { type: 'array' }, msg: text, ctx: { type: 'object' } },
            required: ['type', 'loc', 'msg', 'input'],
          },
        },
      },
      required: ['detail'],
    },
  },
];

/** The answer to a fault. */
export function writeFault(fault: Fault): ErrorAnswer {
  const { kind, message, details } = fault;
  const { status, detail = message } = (details.rule && rules[details.rule]) ?? callboxErrors[kind];
  const body = status === 422 ? failuresOf(fault) : textOf(fault, detail);
  return { status, headers: headersOf(fault), body: JSON.stringify({ detail: body }) };
}

/** The answer to an error that nobody foresaw. */
export function writeUnexpected({ id }: FailedRequest): ErrorAnswer {
  return { status: 500, headers: {}, body: JSON.stringify({ detail: `${words.unexpected} (request ${id})` }) };
}

/** The body of the answer to what never became a request. */
export function writeMalformed(_status: number, detail: string): string {
  return JSON.stringify({ detail });
}

function textOf({ kind, details }: Fault, detail: string): string {
  if (typeof details.said === 'string') return details.said;
  return kind === 'unauthenticated' && details.wrongCredential ? words.wrongCredential : detail;
}

/** What a rule of ours refuses has no words of Pydantic's. */
function failuresOf({ message, details: { said, attribute = '' } }: Fault): readonly Failure[] {
  if (said !== undefined) return said as readonly Failure[];
  const member = memberOf[attribute];
  return [valueFailure(member === undefined ? ['body'] : ['body', member], null, message)];
}

function headersOf({ kind, details: { retryAfterSeconds, allow } }: Fault): Record<string, string> {
  return {
    ...(kind === 'unauthenticated' && { 'WWW-Authenticate': 'Bearer' }),
    ...(retryAfterSeconds !== undefined && { 'Retry-After': String(retryAfterSeconds) }),
    ...(allow !== undefined && { Allow: allow.join(', ') }),
  };
}
