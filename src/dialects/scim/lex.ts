import { isSearchable } from '#domain/check-filter.ts';
import { Fault } from '#domain/fault.ts';
import { scimLimits } from './limits.ts';
import { isNumberInRange, numberSource } from './read-number.ts';

/** How a filter or a PATCH path is read. */
export interface ReadOptions {
  /** Whether forms are accepted that known clients send and RFC 7644 does not have. */
  readonly lenient: boolean;
  /** Counts what the reading costs, so that it can be held against the length of the text. */
  readonly work?: Work;
}

export interface Work {
  steps: number;
}

/** A place in the text of a filter or of a PATCH path. Only the functions of this file move it, and only forward. */
export interface Scanner {
  readonly text: string;
  readonly of: 'filter' | 'path';
  readonly lenient: boolean;
  readonly work: Work;
  /** The offset of the next character to read. */
  at: number;
  /** How many parentheses and brackets are open. */
  depth: number;
  terms: number;
}

/** An attribute name as it was written, and where. */
export interface Name {
  readonly text: string;
  readonly at: number;
}

/** A value as it was written, its quotes and escapes taken away. Its type is known only with the attribute's. */
export interface Literal {
  readonly text: string;
  readonly quoted: boolean;
  readonly at: number;
}

// Each character matches one branch only and no repetition stands in another, so every pattern is linear.
const patterns = {
  space: / +/y,
  anySpace: /[ \t\u00a0]+/y,
  name: /(?:urn:[\w.:-]+:)?[a-z$][\w$-]*(?:\.[a-z$][\w$-]*)*/iy,
  part: /[a-z$][\w$-]*/iy,
  word: /[a-z]+/iy,
  joiner: { and: /and(?![\w$.:-])/iy, or: /or(?![\w$.:-])/iy },
  doubleQuoted: /"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[\da-f]{4}))*/iy,
  singleQuoted: /'(?:[ -&(-[\]-\uffff]|\\(?:["'\\/bfnrt]|u[\da-f]{4}))*/iy,
  bare: /[^\s()[\]"'\p{Cc}][^\s()[\]"\p{Cc}]*/uy,
  bareInJson: new RegExp(`(?:true|false|null|${numberSource})(?![^ )\\]])`, 'y'),
};
const reserved = new Set(['and', 'or', 'not']);

/** Starts reading a text. Faults with `invalid_filter` or `invalid_path` when it is too long, before looking at it. */
export function scan(text: string, of: Scanner['of'], options: ReadOptions): Scanner {
  const work = options.work ?? { steps: 0 };
  const scanner: Scanner = { text, of, lenient: options.lenient, work, at: 0, depth: 0, terms: 0 };
  const max = scimLimits.filterLength;
  if (text.length > max) throw refusal(scanner, `it is longer than ${max} characters`, max);
  return scanner;
}

/**
 * The fault for a text that cannot be read. Takes what is wrong and the offset of the place; says the column, counted
 * in characters from 1, and never repeats the text. In a path, what stands in brackets is a filter, unless the path
 * breaks off there.
 */
export function refusal(scanner: Scanner, problem: string, at: number = scanner.at): Fault {
  const kind = scanner.of === 'path' && (scanner.depth === 0 || at >= scanner.text.length) ? 'path' : 'filter';
  const column = Array.from(scanner.text.slice(0, at)).length + 1;
  return new Fault(`invalid_${kind}`, `The ${scanner.of} cannot be read at column ${column}: ${problem}.`);
}

/** The next character, or undefined at the end. */
export function peek(scanner: Scanner): string | undefined {
  return scanner.text[scanner.at];
}

/** Passes over white space and says whether there was any. */
export function takeSpace(scanner: Scanner): boolean {
  return take(scanner, scanner.lenient ? patterns.anySpace : patterns.space) !== undefined;
}

/** Reads the name of an attribute, URN and parts included: `name.givenName`. Faults when there is none. */
export function takeName(scanner: Scanner): Name {
  return takeNamed(scanner, patterns.name, 'an attribute name is expected');
}

/** Reads the name of one part, without dots. Faults when there is none. */
export function takePart(scanner: Scanner): Name {
  return takeNamed(scanner, patterns.part, 'the name of a part is expected after the dot');
}

/** Reads a word of letters in lower case, or undefined. */
export function takeWord(scanner: Scanner): string | undefined {
  return take(scanner, patterns.word)?.toLowerCase();
}

/** Reads `and` or `or` with the space that RFC 7644 wants on both sides, and says whether it was there. */
export function takeJoiner(scanner: Scanner, joiner: 'and' | 'or'): boolean {
  takeSpace(scanner);
  const at = scanner.at;
  if (take(scanner, patterns.joiner[joiner]) === undefined) return false;
  const spacedBefore = /\s/.test(scanner.text[at - 1] ?? '');
  if (!spacedBefore && !scanner.lenient) throw refusal(scanner, `a space is expected before ${joiner}`, at);
  if (!takeSpace(scanner) && !scanner.lenient) throw refusal(scanner, `a space is expected after ${joiner}`);
  return true;
}

/** Reads an opening parenthesis or bracket that is known to be there. Faults when the text nests too deeply. */
export function open(scanner: Scanner): void {
  const max = scimLimits.filterDepth;
  if (scanner.depth === max) throw refusal(scanner, `it is nested more than ${max} levels deep`);
  scanner.depth += 1;
  step(scanner);
}

/** Reads a closing parenthesis or bracket. Faults when there is none. */
export function close(scanner: Scanner, character: ')' | ']'): void {
  takeSpace(scanner);
  if (peek(scanner) !== character) throw refusal(scanner, `and, or, or ${character} is expected`);
  step(scanner);
  scanner.depth -= 1;
}

/** Passes over one character that is known to be there. */
export function step(scanner: Scanner): void {
  scanner.work.steps += 1;
  scanner.at += 1;
}

/** Counts one test of an attribute. Faults when there are too many. */
export function countTerm(scanner: Scanner, at: number): void {
  const max = scimLimits.filterTerms;
  if (scanner.terms === max) throw refusal(scanner, `it has more than ${max} terms`, at);
  scanner.terms += 1;
}

/** Whether a quoted value comes next, which needs no space before it (the example in RFC 7644 section 3.5.2.2). */
export function isAtQuote(scanner: Scanner): boolean {
  return peek(scanner) === '"' || (scanner.lenient && peek(scanner) === "'");
}

/** Reads a value: JSON only when strict; also single quotes and bare words when lenient. Faults when there is none. */
export function takeLiteral(scanner: Scanner): Literal {
  const at = scanner.at;
  const quoted = isAtQuote(scanner);
  const text = quoted ? takeQuoted(scanner) : takeBare(scanner);
  if (!isSearchable(text)) throw refusal(scanner, 'the value must be well-formed text without NUL', at);
  return { text, quoted, at };
}

function takeQuoted(scanner: Scanner): string {
  const isDouble = peek(scanner) === '"';
  const body = take(scanner, isDouble ? patterns.doubleQuoted : patterns.singleQuoted)?.slice(1) ?? '';
  if (peek(scanner) !== (isDouble ? '"' : "'")) {
    throw refusal(scanner, 'a closing quote or a character that JSON allows is expected');
  }
  step(scanner);
  const decoded: unknown = JSON.parse(`"${isDouble ? body : asJson(body)}"`);
  return String(decoded);
}

/** The inside of a single-quoted string as that of a JSON string. */
function asJson(body: string): string {
  return body.replace(/\\.|"/g, (found) => (found === '"' ? '\\"' : found === "\\'" ? "'" : found));
}

function takeBare(scanner: Scanner): string {
  const at = scanner.at;
  const text = take(scanner, scanner.lenient ? patterns.bare : patterns.bareInJson);
  if (text === undefined || reserved.has(text.toLowerCase())) {
    throw refusal(scanner, 'a value such as "text", 5, true or null is expected', at);
  }
  if (!scanner.lenient && !isNumberInRange(text)) throw refusal(scanner, 'the number is out of range', at);
  return text;
}

function takeNamed(scanner: Scanner, pattern: RegExp, expected: string): Name {
  const at = scanner.at;
  const text = take(scanner, pattern);
  if (text === undefined) throw refusal(scanner, expected);
  return { text, at };
}

function take(scanner: Scanner, pattern: RegExp): string | undefined {
  scanner.work.steps += 1;
  pattern.lastIndex = scanner.at;
  const found = pattern.exec(scanner.text)?.[0];
  if (found !== undefined) scanner.at += found.length;
  return found;
}
