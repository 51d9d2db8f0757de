import { isInheritedName } from './inherited-name.ts';

/** What may be wrong with a body. A dialect has its own status and words for each. */
export type BodyProblem =
  | 'unsupported_media_type'
  | 'too_large'
  | 'incomplete'
  | 'empty'
  | 'not_utf8'
  | 'not_json'
  | 'not_an_object'
  | 'too_deep'
  | 'too_many_keys'
  | 'duplicate_key'
  | 'forbidden_key'
  | 'string_too_long'
  | 'ill_formed_text'
  | 'number_out_of_range';

/** What is wrong with a body and hurts nobody who does not look keys up on objects, and which some clients' servers take. */
export type HarmlessProblem = Extract<
  BodyProblem,
  'duplicate_key' | 'forbidden_key' | 'number_out_of_range' | 'ill_formed_text'
>;

/** A refusal as data. `detail` says what is wrong and what would be right, and never repeats what was sent. */
export interface Refusal {
  readonly ok: false;
  readonly problem: BodyProblem;
  readonly detail: string;
}

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** What one JSON text may contain. */
export interface JsonLimits {
  readonly jsonDepth: number;
  readonly jsonStringLength: number;
  readonly jsonKeys: number;
}

export type Parsed<Value> = { readonly ok: true; readonly value: Value } | Refusal;

const quote = 0x22;
const backslash = 0x5c;
const colon = 0x3a;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/**
 * Reads JSON text as RFC 8259 has it, and refuses what JSON allows but no honest client sends: a key twice in one
 * object, keys that reach an object's prototype, NUL, half a surrogate pair, numbers that a double cannot hold.
 * The work is linear in the length of the text, and nothing here or below recurses before the depth is known. What is in
 * `passedOver` is taken as `JSON.parse` takes it, and hides nothing else that is wrong.
 */
export function parseJson(
  text: string,
  limits: JsonLimits,
  passedOver: readonly HarmlessProblem[] = [],
): Parsed<JsonValue> {
  if (text.trim() === '') return refuse('empty', 'the body is empty; send a JSON object');
  if (!text.isWellFormed() && !passedOver.includes('ill_formed_text')) return refuseText();
  const members = countMembers(text, limits.jsonDepth);
  if (members === undefined) {
    return refuse('too_deep', `the JSON is nested too deep; send at most ${limits.jsonDepth} levels`);
  }
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch (error) {
    return refuse('not_json', `the body is not valid JSON${place(error)}; send one JSON object and nothing else`);
  }
  const walk = { pending: [value], hasEscapes: text.includes('\\u'), limits, passedOver, members: 0 };
  return checkValue(walk, members) ?? { ok: true, value };
}

/**
 * Counts the members of all objects in the text, which is the number of colons outside strings, or gives undefined
 * as soon as the text is nested deeper than allowed. On text that is no JSON the number means nothing.
 */
function countMembers(text: string, depthMax: number): number | undefined {
  let members = 0;
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quote) at = endOfString(text, at + 1);
    else if (code === colon) members += 1;
    else if (code === closeBracket || code === closeBrace) depth -= 1;
    else if (code === openBracket || code === openBrace) {
      depth += 1;
      if (depth > depthMax) return undefined;
    }
  }
  return members;
}

function endOfString(text: string, start: number): number {
  for (let at = start; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quote) return at;
    if (code === backslash) at += 1;
  }
  return text.length;
}

interface Walk {
  readonly pending: JsonValue[];
  readonly hasEscapes: boolean;
  readonly limits: JsonLimits;
  readonly passedOver: readonly HarmlessProblem[];
  members: number;
}

/**
 * Walks the parsed value with a list of its own instead of recursion. `membersSent` is what the text had; when the
 * parsed objects have fewer, `JSON.parse` has dropped a member whose key came twice.
 */
function checkValue(walk: Walk, membersSent: number): Refusal | undefined {
  for (let value = walk.pending.pop(); value !== undefined; value = walk.pending.pop()) {
    const refusal = checkOne(value, walk);
    if (refusal) return refusal;
  }
  if (walk.members === membersSent || walk.passedOver.includes('duplicate_key')) return undefined;
  return refuse('duplicate_key', 'an object has the same key twice; send each key once');
}

function checkOne(value: JsonValue, walk: Walk): Refusal | undefined {
  if (typeof value !== 'object' || value === null) return checkScalar(value, walk);
  if (isList(value)) {
    for (const element of value) walk.pending.push(element);
    return undefined;
  }
  const keys = Object.keys(value);
  walk.members += keys.length;
  for (const key of keys) walk.pending.push(value[key] as JsonValue);
  return checkKeys(keys, walk);
}

function checkKeys(keys: readonly string[], walk: Walk): Refusal | undefined {
  const { jsonKeys } = walk.limits;
  if (keys.length > jsonKeys) {
    return refuse('too_many_keys', `an object has ${keys.length} keys; send at most ${jsonKeys}`);
  }
  for (const key of keys) {
    if (isInheritedName(key) && !walk.passedOver.includes('forbidden_key')) {
      return refuse('forbidden_key', 'keys that every object has, such as __proto__ and toString, are not accepted');
    }
    const refusal = checkString(key, walk);
    if (refusal) return refusal;
  }
  return undefined;
}

function checkScalar(value: string | number | boolean | null, walk: Walk): Refusal | undefined {
  if (typeof value === 'string') return checkString(value, walk);
  if (typeof value !== 'number' || Math.abs(value) <= Number.MAX_SAFE_INTEGER) return undefined;
  if (walk.passedOver.includes('number_out_of_range')) return undefined;
  const range = 'between -9007199254740991 and 9007199254740991';
  return refuse('number_out_of_range', `a number cannot be stored exactly; send numbers ${range}`);
}

function checkString(text: string, { hasEscapes, limits, passedOver }: Walk): Refusal | undefined {
  if (text.length > limits.jsonStringLength) {
    return refuse('string_too_long', `a string is too long; send at most ${limits.jsonStringLength} characters`);
  }
  // JSON forbids a raw NUL and the whole text is well-formed, so only \u escapes can bring either in.
  const isIllFormed = hasEscapes && (text.includes('\0') || !text.isWellFormed());
  return isIllFormed && !passedOver.includes('ill_formed_text') ? refuseText() : undefined;
}

function refuseText(): Refusal {
  return refuse('ill_formed_text', 'a string has NUL or half of a surrogate pair; send whole Unicode characters');
}

/** Makes a refusal. */
export function refuse(problem: BodyProblem, detail: string): Refusal {
  return { ok: false, problem, detail };
}

/** V8's message repeats the input, so only the position is taken from it. */
function place(error: unknown): string {
  const position =
    error instanceof SyntaxError ? / at position (\d+) \(line \d+ column \d+\)$/.exec(error.message)?.[1] : undefined;
  return position === undefined ? '' : ` near character ${Number(position) + 1}`;
}

/** Array.isArray does not narrow a readonly array. */
function isList(value: readonly JsonValue[] | JsonObject): value is readonly JsonValue[] {
  return Array.isArray(value);
}
