import type { Attribute, AttributeType } from '#attributes/attribute.ts';
import type { FilterValue } from '#domain/filter.ts';
import { parseDateTime } from '#domain/key-of.ts';
import { type Literal, refusal, type Scanner } from './lex.ts';
import { parseNumber } from './read-number.ts';

/** How values of a type are written. */
interface Reading {
  readonly wanted: string;
  readonly quoted: boolean;
  readonly parse: (text: string) => FilterValue | undefined;
}

const text: Reading = { wanted: 'a text in double quotes', quoted: true, parse: (literal) => literal };
const readings: Record<AttributeType, Reading> = {
  string: text,
  reference: text,
  binary: text,
  complex: text,
  boolean: { wanted: 'true or false', quoted: false, parse: parseBoolean },
  integer: { wanted: 'a whole number in range', quoted: false, parse: parseInteger },
  decimal: { wanted: 'a number in range', quoted: false, parse: parseNumber },
  dateTime: { wanted: 'a time with a zone such as "2026-01-31T09:00:00Z"', quoted: true, parse: parseTime },
};

/**
 * The value that a literal means for an attribute. Strict takes what JSON writes for its type; lenient also takes
 * texts without quotes and the other types in quotes. Faults with `invalid_filter` and the column.
 */
export function readLiteral(scanner: Scanner, attribute: Attribute, literal: Literal): FilterValue {
  if (!literal.quoted && literal.text.toLowerCase() === 'null') return null;
  const { wanted, quoted, parse } = readings[attribute.type];
  const value = scanner.lenient || literal.quoted === quoted ? parse(literal.text) : undefined;
  if (value === undefined) throw refusal(scanner, `${wanted} is expected`, literal.at);
  return value;
}

function parseBoolean(literal: string): boolean | undefined {
  const key = literal.toLowerCase();
  return key === 'true' ? true : key === 'false' ? false : undefined;
}

function parseInteger(literal: string): number | undefined {
  const value = parseNumber(literal);
  return Number.isInteger(value) ? value : undefined;
}

/** The text itself when it is a time: the domain keeps times as they were written. */
function parseTime(literal: string): string | undefined {
  return parseDateTime(literal) === undefined ? undefined : literal;
}
