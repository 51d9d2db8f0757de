import * as v from 'valibot';
import { profiles } from '#dialects/scim/profiles.ts';

/*
 * A case is one conversation of one client with a listening server, as a JSON file. Its strings may hold variables in
 * braces, `{ada}`. Known from the start are `{base}`, where SCIM is, and `{token}`. A string that is nothing but a
 * variable becomes its value, whatever its type, and the key "..." of an object puts the members of its value in that
 * place, so `{"...": "{read}", "title": "Countess"}` is what was read, with another title.
 * Places in a body are JSON pointers (RFC 6901): `/emails/0/value`; the empty pointer is the body itself.
 */

const method = v.picklist(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
const path = v.pipe(
  v.string(),
  v.regex(/^\/[\x21-\x7e]*$/, 'a path begins with a slash and is escaped as the client escapes it'),
);
const pointer = v.pipe(v.string(), v.regex(/^(\/.*)?$/, 'a place is a JSON pointer such as /emails/0/value'));
const name = v.pipe(v.string(), v.regex(/^[a-z][A-Za-z0-9]*$/, 'a variable is a word in camelCase'));
const text = v.pipe(v.string(), v.nonEmpty());
const headers = v.record(text, v.nullable(v.string()));
const requirement = v.pipe(v.string(), v.regex(/^(R-\d{3}|S-\d{2}|Q-[A-Z]+-\d{2})$/, 'say R-120, S-01 or Q-OKTA-03'));
const json = v.record(v.string(), v.unknown());

const expectation = v.strictObject({
  status: v.number(),
  /** Headers with these values; null means that the header is not there. */
  headers: v.optional(headers),
  /** What the body has among other things. A list has exactly these elements, in any order. */
  body: v.optional(v.union([json, v.string()])),
  /** Places where the body has nothing. */
  absent: v.optional(v.array(pointer)),
  /** How many elements the lists at these places have. */
  lengths: v.optional(v.record(pointer, v.number())),
  /** Places with any value but this one. */
  differs: v.optional(v.record(pointer, v.unknown())),
  /** Texts that are nowhere in the body. */
  lacks: v.optional(v.array(text)),
});

const step = v.strictObject({
  /** What the client is about, where the request does not say it. */
  note: v.optional(text),
  /** Method, path with its own escaping, and the body as JSON. */
  send: v.union([v.strictTuple([method, path]), v.strictTuple([method, path, json])]),
  /** The body as text, where its bytes matter. */
  raw: v.optional(text),
  /** Headers beside those of the case; null takes one away. */
  headers: v.optional(headers),
  expect: expectation,
  /** Variables taken from places of the answer, before it is judged. */
  save: v.optional(v.record(name, pointer)),
});

const posted = v.union([
  v.strictTuple([path, json]),
  /** Posted so often, `{n}` counting from 1. */
  v.strictTuple([path, json, v.pipe(v.number(), v.integer(), v.minValue(2))]),
]);

/** The form of a case file. */
const schema = v.strictObject({
  /** Which client does this, and what it needs; the name of the test. */
  why: text,
  /** The requirements that it shows. */
  shows: v.pipe(v.array(requirement), v.nonEmpty()),
  /** The profiles of the connection. The case runs once with each. */
  profiles: v.pipe(v.array(v.picklist(Object.keys(profiles))), v.nonEmpty()),
  /** The headers of every request, beside Host, Content-Length, Authorization and, with a body, Content-Type. */
  headers: v.optional(headers),
  /** What is there before, made through SCIM in this order. The id of each becomes a variable. */
  given: v.optional(v.record(name, posted)),
  steps: v.pipe(v.array(step), v.nonEmpty()),
  /** Texts that are in no answer and in no line of the log. */
  nowhere: v.optional(v.array(text)),
  /** Texts that the log tells. */
  logged: v.optional(v.array(text)),
});

export type CaseFile = v.InferOutput<typeof schema>;
export type CaseStep = CaseFile['steps'][number];
export type CaseExpectation = CaseStep['expect'];

/** Reads the text of a case file. Throws with the place of everything that is wrong with it. */
export function readCaseFile(content: string): CaseFile {
  const result = v.safeParse(schema, JSON.parse(content));
  if (result.success) return result.output;
  const problems = result.issues.map((issue) => `  ${v.getDotPath(issue) ?? 'the file'}: ${issue.message}`);
  throw new Error(`this is no case file:\n${problems.join('\n')}`);
}
