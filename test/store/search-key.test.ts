import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isInTrigrams, searchKey } from '#store/search-key.ts';

const anyText = fc.string({ unit: 'grapheme' });

describe('what the trigram index holds', () => {
  test('is only ASCII, and is the key itself where that is ASCII', () => {
    fc.assert(fc.property(anyText, (text) => /^\p{ASCII}*$/u.test(searchKey(text))));
    fc.assert(fc.property(fc.string({ unit: 'grapheme-ascii' }), (text) => searchKey(text) === text));
  });

  test('contains what is held for every part of the key, so nothing is missed', () => {
    fc.assert(
      fc.property(anyText, anyText, anyText, (before, part, after) =>
        searchKey(before + part + after).includes(searchKey(part)),
      ),
    );
  });

  test.each([
    [true, 'abc'],
    [true, 'a.abc'],
    [true, 'ж'],
    [true, '東'],
    [true, '😀'],
    [false, 'ab'],
    [false, 'a-b-c'],
    [false, '...'],
    [false, ''],
  ])('finds (%s) what contains "%s"', (expected, text) => {
    expect(isInTrigrams(text)).toBe(expected);
  });
});
