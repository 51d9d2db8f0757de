import type { BrokenRule, Fault, FaultKind } from '#domain/fault.ts';
import type { ErrorAnswer, ErrorShape, FailedRequest } from '../dialect.ts';
import { listOf, objectOf, textShape } from '../shapes.ts';
import { jsonType, textType } from './media-types.ts';
import type { Said } from './refusal.ts';
import { localeHeader, say } from './say.ts';
import type { Word } from './words.ts';

/** What Metabase calls a fault: the text of the answer. */
interface MetabaseError {
  readonly status: number;
  readonly word: Word;
}

/** Every fault in Metabase's words. A fault that says what is wrong with one attribute is an object with that field. */
const metabaseErrors: Record<FaultKind, MetabaseError> = {
  unauthenticated: { status: 401, word: 'unauthenticated' },
  forbidden: { status: 403, word: 'forbidden' },
  not_found: { status: 404, word: 'notFound' },
  already_exists: { status: 400, word: 'invalidRequest' },
  invalid_syntax: { status: 400, word: 'invalidRequest' },
  invalid_value: { status: 400, word: 'invalidRequest' },
  invalid_path: { status: 400, word: 'invalidRequest' },
  invalid_filter: { status: 400, word: 'invalidRequest' },
  no_target: { status: 400, word: 'invalidRequest' },
  read_only: { status: 400, word: 'invalidRequest' },
  sensitive: { status: 403, word: 'forbidden' },
  precondition_failed: { status: 409, word: 'conflict' },
  too_large: { status: 413, word: 'tooLarge' },
  too_many: { status: 400, word: 'invalidRequest' },
  rate_limited: { status: 429, word: 'tooManyRequests' },
  held: { status: 503, word: 'held' },
  method_not_allowed: { status: 404, word: 'noRoute' },
  unsupported_media_type: { status: 400, word: 'invalidRequest' },
  unavailable: { status: 503, word: 'unavailable' },
};

/** The rules of the system that Metabase has words for. The others are said as their kind. */
const rules: Partial<Record<BrokenRule, MetabaseError>> = {
  last_superuser: { status: 400, word: 'lastAdmin' },
  superuser_manager: { status: 400, word: 'adminIsNoManager' },
};

/** The fields of Metabase for attributes with which something can be wrong. */
const fieldOf: Readonly<Record<string, string>> = {
  userName: 'email',
  emails: 'email',
  'emails.value': 'email',
  'name.givenName': 'first_name',
  'name.familyName': 'last_name',
  'muster.loginAttributes': 'login_attributes',
  'muster.loginAttributes.name': 'login_attributes',
  'muster.loginAttributes.value': 'login_attributes',
  locale: 'locale',
  password: 'password',
  displayName: 'name',
  name: 'name',
};

const texts = listOf(textShape);

/** The forms of the bodies of errors: 3.3. */
export const errorShapes: readonly ErrorShape[] = [
  { mediaType: textType, about: 'A text.', shape: textShape },
  {
    mediaType: jsonType,
    about: 'What is wrong with one parameter; `specific-errors` where it has the wrong form.',
    shape: {
      type: 'object',
      properties: {
        errors: { type: 'object', additionalProperties: textShape },
        'specific-errors': { type: 'object', additionalProperties: texts },
      },
      required: ['errors'],
    },
  },
  {
    mediaType: jsonType,
    about: 'An exception.',
    shape: objectOf({
      via: { type: 'array' },
      trace: { type: 'array' },
      cause: textShape,
      data: { type: 'object' },
      message: textShape,
    }),
  },
];

/** The answer to a fault, in the language that the client asks for. */
export function writeFault({ kind, message, details }: Fault, { header }: FailedRequest): ErrorAnswer {
  const locale = header(localeHeader);
  const { attribute, rule, retryAfterSeconds } = details;
  const said = details.said as Said | undefined;
  const { status, word } = (rule && rules[rule]) ?? metabaseErrors[kind];
  const field = attribute === undefined ? undefined : fieldOf[attribute];
  const isOfField = kind === 'invalid_value' || kind === 'already_exists';
  const answer =
    said !== undefined
      ? writeSaid(said, said.status ?? metabaseErrors[kind].status, locale)
      : field !== undefined && isOfField
        ? json(status, { errors: { [field]: message } })
        : plain(status, say(word, {}, locale));
  if (retryAfterSeconds === undefined) return answer;
  return { ...answer, headers: { ...answer.headers, 'Retry-After': String(retryAfterSeconds) } };
}

/** The answer to an error that nobody foresaw, in the form of an exception. */
export function writeUnexpected({ id, header }: FailedRequest): ErrorAnswer {
  return json(500, exception(500, say('unexpected', { id }, header(localeHeader))));
}

/** The body of the answer to what never became a request. */
export function writeMalformed(_status: number, detail: string): string {
  return JSON.stringify({ message: detail });
}

function writeSaid(
  { word, values, field, nullable, specifics, isException }: Said,
  status: number,
  locale: string | undefined,
): ErrorAnswer {
  const text = say(word, values, locale);
  const words = nullable ? say('nullable', { text }, locale) : text;
  if (isException) return json(status, exception(status, words));
  if (field === undefined) return plain(status, words);
  const exact = specifics === undefined ? {} : { 'specific-errors': { [field]: specifics } };
  return json(status, { errors: { [field]: words }, ...exact });
}

/** What a Clojure program prints of an exception; clients look for the message in it. */
function exception(status: number, message: string) {
  const data = { message, 'status-code': status };
  const via = [{ type: 'clojure.lang.ExceptionInfo', message, data, at: [] }];
  return { via, trace: [], cause: message, data, message };
}

function plain(status: number, body: string): ErrorAnswer {
  return { status, headers: {}, body, mediaType: textType };
}

function json(status: number, body: object): ErrorAnswer {
  return { status, headers: {}, body: JSON.stringify(body), mediaType: jsonType };
}
