import { expect, test } from 'vitest';
import { isLike } from '#domain/is-like.ts';

test.each([
  ['%uck%', 'lucky', true],
  ['uck', 'lucky', false],
  ['l_cky', 'lucky', true],
  ['_', '😀', true],
  ['__', '😀', false],
  ['%a%b', 'aab', true],
  ['%a%b', 'ba', false],
  ['a%', 'a', true],
  ['%%', '', true],
  ['_%', '', false],
  ['\\%', '\\x', true],
  ['\\%', '%', false],
])('the pattern %s on %s is %s', (pattern, text, expected) => {
  expect(isLike(text, pattern)).toBe(expected);
});

test('a pattern with many wildcards is answered at once', () => {
  const started = performance.now();
  expect(isLike('a'.repeat(5_000), `${'%a'.repeat(200)}%b`)).toBe(false);
  expect(performance.now() - started).toBeLessThan(500);
});
