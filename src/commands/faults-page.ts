import { adminErrors } from '#admin/errors.ts';
import type { Dialect } from '#dialects/dialect.ts';
import { dialects } from '#dialects/index.ts';
import { scimErrors } from '#dialects/scim/errors.ts';
import { isDescribed } from '#dialects/write-openapi.ts';
import { Fault, type FaultKind, faultKinds } from '#domain/fault.ts';
import { code, markdownTable, pageHead, section } from './markdown.ts';

/** What each kind means and what a client can do. */
const meanings: Record<FaultKind, string> = {
  unauthenticated: 'There is no valid token of this API. Send one, or make a new one.',
  forbidden: 'The token is valid and its connection lacks the right.',
  not_found: 'There is no such resource or path for this caller.',
  already_exists: 'Another resource has the name that must be unique.',
  invalid_syntax: 'The request cannot be read, or is not of the form that it says.',
  invalid_value: 'A value is missing, of the wrong type, too long, or refers to nobody.',
  invalid_path: 'The path of a PATCH cannot be read or names no attribute.',
  invalid_filter: 'The filter cannot be read, or asks about what cannot be filtered on.',
  no_target: 'The path of a PATCH picks no value.',
  read_only: 'What is to be changed cannot be changed.',
  sensitive: 'The filter asks about what is never shown.',
  precondition_failed: 'The resource has another version than If-Match names. Read it again.',
  too_large: 'The request is beyond a limit of size. Send it in pieces.',
  too_many: 'The filter holds for too many. Narrow it.',
  rate_limited: 'Too many requests. Wait as long as Retry-After says.',
  held: 'The change waits for somebody to confirm it.',
  method_not_allowed: 'The path does not know this method; Allow names those that it knows.',
  unsupported_media_type: 'The body is of a media type that is not read here.',
  unavailable: 'The database is away or busy. Nothing was changed unless the answer was lost; retry after Retry-After.',
};

/** The page of the faults: every way in which a request can fail, and how each dialect says it. */
export function faultsPage(): string {
  const rows = faultKinds.map((kind) => {
    const { status, scimType } = scimErrors[kind];
    return [code(kind), meanings[kind], String(status), code(scimType ?? ''), String(adminErrors[kind].status)];
  });
  const about = [
    'Every way in which a request can fail for a reason that we know. The kind is in the log line of the request as',
    '`fault`; the status and the `scimType` (RFC 7644 section 3.12) are what a SCIM client sees, the last status is that of',
    'our own API, where `urn:muster:fault:` and the kind is the `type` of the problem. Anything else is a bug of ours: it answers 500 with the request id, under which the log knows more.',
  ].join(' ');
  const table = markdownTable(['Kind', 'Meaning', 'SCIM status', 'scimType', 'Admin API'], rows);
  return `${pageHead('Faults', about)}\n${table}${otherWords()}`;
}

/** What each kind is called in the APIs that have words of their own. */
function otherWords(): string {
  const speaking = dialects.filter(isDescribed);
  const rows = faultKinds.map((kind) => [code(kind), ...speaking.map((dialect) => answerTo(dialect, kind))]);
  const about = [
    'The status and the body of the answer where there is nothing to say but the kind; … is what exactly is wrong. For',
    'single parameters and rules an API may have other words.',
  ].join(' ');
  const table = markdownTable(['Kind', ...speaking.map(({ name }) => name)], rows);
  return section('In the words of the other APIs', about, table);
}

function answerTo(dialect: Dialect, kind: FaultKind): string {
  const request = { id: '', publicUrl: '', header: () => undefined };
  const { status, body } = dialect.writeFault(new Fault(kind, '…'), request);
  return `${status} ${code(body)}`;
}
