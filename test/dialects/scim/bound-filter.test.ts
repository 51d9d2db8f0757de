import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { userType } from '#attributes/resource-type.ts';
import type { Work } from '#dialects/scim/lex.ts';
import { scimLimits } from '#dialects/scim/limits.ts';
import { readFilter } from '#dialects/scim/read-filter.ts';
import { Fault } from '#domain/fault.ts';
import type { Filter } from '#domain/filter.ts';
import { columnOf, faultOf } from '../../domain/fault-of.ts';
import { enterprise } from './urns.ts';

const strict = (text: string): Filter => readFilter(text, userType, { lenient: false });
const lenient = (text: string): Filter => readFilter(text, userType, { lenient: true });

describe('the limits', () => {
  const { filterLength, filterDepth, filterTerms } = scimLimits;
  const terms = (count: number): string => Array(count).fill('title pr').join(' or ');
  const nested = (depth: number): string => `${'('.repeat(depth)}title pr${')'.repeat(depth)}`;
  const long = (length: number): string => `title eq "${'x'.repeat(length - 11)}"`;

  test('are reached', () => {
    expect(strict(terms(filterTerms))).toMatchObject({ op: 'or' });
    expect(strict(nested(filterDepth))).toEqual({ op: 'pr', path: 'title' });
    expect(strict(long(filterLength))).toMatchObject({ op: 'eq' });
  });

  test.each([
    ['terms', terms(filterTerms + 1), 12 * filterTerms + 1],
    ['levels', nested(filterDepth + 1), filterDepth + 1],
    ['levels of not', `${'not ('.repeat(500)}title pr`, 5 * filterDepth + 5],
    ['characters', long(filterLength + 1), filterLength + 1],
  ])('are not passed by one: %s (R-182)', (_what, text, column) => {
    const fault = faultOf(() => lenient(text));
    expect([fault.kind, columnOf(fault)]).toEqual(['invalid_filter', column]);
  });

  test.each([
    ['letters', 'a'.repeat(100_000)],
    ['parentheses', '('.repeat(100_000)],
    ['brackets', 'emails['.repeat(20_000)],
    ['alternatives', terms(10_000)],
    ['newlines in a string', `title eq "${'\n'.repeat(100_000)}`],
    ['digits', `title eq ${'9'.repeat(100_000)}`],
  ])('refuse 100,000 characters of %s before reading them (S-08)', (_what, text) => {
    const work: Work = { steps: 0 };
    expect(faultOf(() => readFilter(text, userType, { lenient: true, work })).kind).toBe('invalid_filter');
    expect(work.steps).toBe(0);
  });

  test.each([
    ['newlines in a string (P-1)', `title eq "${'\n'.repeat(8000)}`],
    ['escapes in a string', `title eq "${'\\\\'.repeat(4000)}`],
    ['spaces', `title${' '.repeat(8000)}`],
    ['colons', `urn:${':'.repeat(8000)}`],
    ['dots', `a${'.a'.repeat(4000)}.`],
    ['digits', `active eq ${'9'.repeat(8000)}`],
    ['not (P-14)', 'not '.repeat(2000)],
    ['brackets (P-14)', '].a['.repeat(2000)],
  ])('leave little work for %s', (_what, text) => {
    for (const isLenient of [false, true]) {
      const work: Work = { steps: 0 };
      expect(faultOf(() => readFilter(text, userType, { lenient: isLenient, work })).kind).toBe('invalid_filter');
      expect(work.steps).toBeLessThan(20);
    }
  });
});

describe('any soup', () => {
  const token = fc.constantFrom(
    ...['title', 'emails', 'type', 'password', `${enterprise}:manager`, 'constructor', '__proto__', 'toString', '$ref'],
    ...['eq', 'ne', 'co', 'gt', 'pr', 'and', 'or', 'not', '(', ')', '[', ']', '].', '.', ':', ' ', '\t', '\u00a0'],
    ...[
      '"x"',
      '"',
      "'x'",
      "'",
      '\\',
      '"\\u0000"',
      '"\\ud800"',
      '5',
      '-',
      '1e999',
      'true',
      'null',
      '😀',
      '\ud800',
      '\n',
      '\0',
    ],
  );
  const soup = fc.oneof(
    fc.array(token, { maxLength: 60 }).map((tokens) => tokens.join('')),
    fc.array(token, { maxLength: 60 }).map((tokens) => tokens.join(' ')),
    fc.string(),
  );

  test('is read or refused with a fault, in work that grows with its length alone', () => {
    fc.assert(
      fc.property(soup, fc.boolean(), (text, isLenient) => {
        const work: Work = { steps: 0 };
        try {
          readFilter(text, userType, { lenient: isLenient, work });
        } catch (fault) {
          if (!(fault instanceof Fault)) throw fault;
          expect(fault.message.length).toBeLessThan(200);
        }
        expect(work.steps).toBeLessThan(6 * text.length + 12);
      }),
      { numRuns: 3000 },
    );
  });

  test('a refusal repeats nothing of it (P-15, V-9)', () => {
    for (const text of [
      '<script> eq 1',
      'title eq <script>"',
      'title <script>',
      '<script>[',
      'title eq "x" <script>',
    ]) {
      for (const read of [strict, lenient]) expect(faultOf(() => read(text)).message).not.toContain('script');
    }
  });
});
