import * as v from 'valibot';
import { dialects } from '#dialects/index.ts';
import { profiles } from '#dialects/scim/profiles.ts';

/*
 * A case is one conversation of one client with a listening server, as a JSON file in the folder of its dialect. Its
 * strings may hold variables in braces, `{ada}`. Known from the start are `{origin}`, where the server is, `{base}`, where
 * SCIM is there, `{tenant}`, and `{token}` of the connection. A string that is nothing but a variable becomes its value,
 * whatever its type, and the key "..." of an object puts the members of its value in that place, so
 * `{"...": "{read}", "title": "Countess"}` is what was read, with another title.
 * Places in a body are JSON pointers (RFC 6901): `/emails/0/value`; the empty pointer is the body itself.
 * Who and what is `given` is made through SCIM, also where the case speaks another dialect, so that its clients see the one
 * roll. There `{ada}` is what SCIM calls somebody, and `{adaNumber}` the number that the APIs beside it show.
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
/** A numbered case of Metabase's own tests, or a section about the APIs beside SCIM. */
const behaviour = v.pipe(
  v.string(),
  v.regex(/^(case \d{1,3}|\d{1,2}(\.\d{1,2}){0,2})$/, 'say case 46 or the section, such as 3.6.5'),
);
const json = v.record(v.string(), v.unknown());
const profile = v.picklist(Object.keys(profiles));

const expectation = v.strictObject({
  status: v.number(),
  /** Headers with these values, one of them where a header comes several times; null means that it is not there. */
  headers: v.optional(headers),
  /** The bytes of the body: as text, or as JSON, which stands for how it is written without blanks and in this order. */
  text: v.optional(v.union([v.string(), v.array(v.unknown()), json])),
  /** What the body has among other things. A list has exactly these elements, in any order in SCIM and in this one elsewhere. */
  body: v.optional(v.union([v.string(), v.array(v.unknown()), json])),
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
  /** How much time passes before, as in `15 days`: whatever ends then has ended. */
  later: v.optional(v.pipe(v.string(), v.regex(/^\d+ (hour|day)s?$/, 'say hours or days'))),
  /** Whose clients send it, where it is not the dialect of the case. */
  dialect: v.optional(v.picklist(dialects.map((each) => each.name))),
  /** Somebody given, with a password, who is signed in; null: nobody. Absent: the connection. */
  as: v.optional(v.nullable(name)),
  /** Method, path with its own escaping, and the body as JSON. */
  send: v.union([v.strictTuple([method, path]), v.strictTuple([method, path, json])]),
  /** The body as text, where its bytes matter. */
  raw: v.optional(text),
  /** Headers beside those of the case; null takes one away. */
  headers: v.optional(headers),
  expect: expectation,
  /** Variables taken from places of the answer, before it is judged. */
  save: v.optional(v.record(name, pointer)),
  /** The mail that is sent for it: to whom, and variables from its text, each what the group of a regular expression is. */
  mailed: v.optional(v.strictObject({ to: text, save: v.record(name, text) })),
});

const posted = v.union([
  v.strictTuple([path, json]),
  /** Posted so often, `{n}` counting from 1. */
  v.strictTuple([path, json, v.pipe(v.number(), v.integer(), v.minValue(2))]),
]);

const parts = {
  /** Which client does this, and what it needs; the name of the test. */
  why: text,
  /** The headers of every request, beside Host, Content-Length, the credential and, with a body, Content-Type. */
  headers: v.optional(headers),
  /** What is there before, made through SCIM in this order. The id of each becomes a variable. */
  given: v.optional(v.record(name, posted)),
  steps: v.pipe(v.array(step), v.nonEmpty()),
  /** Texts that are in no answer and in no line of the log. */
  nowhere: v.optional(v.array(text)),
  /** Texts that the log tells. */
  logged: v.optional(v.array(text)),
};

/** The form of a case of SCIM. */
const scimSchema = v.strictObject({
  ...parts,
  /** The requirements that it shows. */
  shows: v.pipe(v.array(requirement), v.nonEmpty()),
  /** The profiles of the connection. The case runs once with each. */
  profiles: v.pipe(v.array(profile), v.nonEmpty()),
});

/** The form of a case of any other dialect. */
const otherSchema = v.strictObject({
  ...parts,
  /** The cases and sections that it shows. */
  shows: v.pipe(v.array(v.union([behaviour, requirement])), v.nonEmpty()),
  /** The profile of the connection with which steps speak SCIM. */
  provider: v.optional(profile),
});

export type CaseFile = v.InferOutput<typeof otherSchema> & Partial<Pick<v.InferOutput<typeof scimSchema>, 'profiles'>>;
export type CaseStep = CaseFile['steps'][number];
export type CaseExpectation = CaseStep['expect'];

/** Reads the text of a case file of a dialect. Throws with the place of everything that is wrong with it. */
export function readCaseFile(content: string, dialect: string): CaseFile {
  const result = v.safeParse(dialect === 'scim' ? scimSchema : otherSchema, JSON.parse(content));
  if (result.success) return result.output;
  const problems = result.issues.map((issue) => `  ${v.getDotPath(issue) ?? 'the file'}: ${issue.message}`);
  throw new Error(`this is no case file:\n${problems.join('\n')}`);
}
