/** What Python's parser says of text that is no JSON. */
export interface JsonError {
  readonly message: string;
  /** In code points from the start. */
  readonly position: number;
}

/** What follows a value: where it ends, or why it is none. */
type Scanned = number | { readonly message: string; readonly at: number };
type Scan = (text: string, at: number) => Scanned;

const words = ['null', 'true', 'false', 'NaN', 'Infinity', '-Infinity'];
const number = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const blanks = /[ \t\n\r]*/y;
const hexadecimal = /^[0-9a-fA-F]{4}$/;

/**
 * The first error in text that is no JSON, in the words and at the place of CPython's `json` module up to 3.12, which FastAPI
 * repeats to its clients. Undefined where that module finds none; it also takes NaN and the infinities. The text may not be
 * nested deeper than the stack reaches.
 */
export function findJsonError(text: string): JsonError | undefined {
  const end = scanValue(text, skipBlanks(text, 0));
  if (typeof end !== 'number') return { message: end.message, position: codePoints(text, end.at) };
  const rest = skipBlanks(text, end);
  return rest === text.length ? undefined : { message: 'Extra data', position: codePoints(text, rest) };
}

function scanValue(text: string, at: number): Scanned {
  const start = text[at];
  if (start === '"') return scanText(text, at);
  if (start === '{') return scanSequence(text, at + 1, '}', scanMember);
  if (start === '[') return scanSequence(text, at + 1, ']', scanValue);
  const word = words.find((each) => text.startsWith(each, at));
  if (word !== undefined) return at + word.length;
  return matchEnd(number, text, at) ?? { message: 'Expecting value', at };
}

/** The items of an object or array, up to the bracket that closes it. */
function scanSequence(text: string, start: number, close: string, scanItem: Scan): Scanned {
  let at = skipBlanks(text, start);
  if (text[at] === close) return at + 1;
  for (;;) {
    const end = scanItem(text, at);
    if (typeof end !== 'number') return end;
    at = skipBlanks(text, end);
    if (text[at] === close) return at + 1;
    if (text[at] !== ',') return { message: "Expecting ',' delimiter", at };
    at = skipBlanks(text, at + 1);
  }
}

function scanMember(text: string, at: number): Scanned {
  if (text[at] !== '"') return { message: 'Expecting property name enclosed in double quotes', at };
  const end = scanText(text, at);
  if (typeof end !== 'number') return end;
  const colon = skipBlanks(text, end);
  if (text[colon] !== ':') return { message: "Expecting ':' delimiter", at: colon };
  return scanValue(text, skipBlanks(text, colon + 1));
}

function scanText(text: string, quote: number): Scanned {
  for (let at = quote + 1; at < text.length; at += 1) {
    const character = text[at] as string;
    if (character === '"') return at + 1;
    if (character < ' ') return { message: 'Invalid control character at', at };
    if (character !== '\\') continue;
    const end = scanEscape(text, at);
    if (end === undefined) break;
    if (typeof end !== 'number') return end;
    at = end;
  }
  return { message: 'Unterminated string starting at', at: quote };
}

/** Where an escape has its last character; undefined when the text ends before it says what it escapes. */
function scanEscape(text: string, backslash: number): Scanned | undefined {
  const at = backslash + 1;
  const escaped = text[at];
  if (escaped === undefined) return undefined;
  if (escaped !== 'u') return '"\\/bfnrt'.includes(escaped) ? at : { message: 'Invalid \\escape', at: backslash };
  const last = at + 4;
  // Python wants a character behind the four, which a string that is closed has.
  const isWhole = last + 1 < text.length && hexadecimal.test(text.slice(at + 1, last + 1));
  return isWhole ? last : { message: 'Invalid \\uXXXX escape', at };
}

function skipBlanks(text: string, at: number): number {
  return matchEnd(blanks, text, at) ?? at;
}

function matchEnd(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

/** Python counts a character beyond U+FFFF once. */
function codePoints(text: string, end: number): number {
  let count = 0;
  for (const _character of text.slice(0, end)) count += 1;
  return count;
}
