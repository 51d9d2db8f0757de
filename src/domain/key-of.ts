import type { Attribute, Value } from '#attributes/attribute.ts';
import { exactKey, fold } from './fold.ts';

/** What a value is compared, indexed and sorted by. Flags are 0 and 1, times are milliseconds since 1970. */
export type Key = string | number;

/** The key of a value of a simple attribute, or undefined when the value is not of its type. RFC 7643 section 2.3. */
export function keyOf(attribute: Attribute, value: Value): Key | undefined {
  switch (attribute.type) {
    case 'boolean':
      return typeof value === 'boolean' ? Number(value) : undefined;
    case 'integer':
    case 'decimal':
      return typeof value === 'number' ? value : undefined;
    case 'dateTime':
      return typeof value === 'string' ? parseDateTime(value) : undefined;
    case 'string':
    case 'reference':
    case 'binary':
      return typeof value === 'string' ? textKey(attribute, value) : undefined;
    case 'complex':
      return undefined;
  }
}

/** The key of text of an attribute: folded unless its case matters. */
export function textKey(attribute: Attribute, text: string): string {
  return attribute.caseExact || attribute.type === 'binary' ? exactKey(text) : fold(text);
}

const dateTime = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

/** Milliseconds since 1970 of an xsd:dateTime with a zone, fractions of a millisecond kept; undefined for anything else. */
export function parseDateTime(text: string): number | undefined {
  const match = dateTime.exec(text);
  if (match === null) return undefined;
  const [, seconds, fraction, zone] = match;
  const whole = Date.parse(`${seconds}${zone}`);
  return Number.isNaN(whole) || !isOnCalendar(seconds) ? undefined : whole + Number(`0${fraction ?? ''}`) * 1000;
}

/** Date.parse takes the 31st of February for the 3rd of March. */
function isOnCalendar(seconds = ''): boolean {
  return new Date(`${seconds}Z`).toISOString().startsWith(seconds);
}
