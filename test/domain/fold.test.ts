import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exactKey, fold } from '#domain/fold.ts';

const scalar = fc.oneof(fc.integer({ min: 0, max: 0xd7ff }), fc.integer({ min: 0xe000, max: 0x10ffff }));
const anyText = fc.array(scalar, { maxLength: 8 }).map((points) => String.fromCodePoint(...points));

test.each([
  ['capital letters', 'ADA', 'ada'],
  ['full-width letters', '\uff21\uff44\uff41', 'ada'],
  ['the ideographic space', 'a\u3000b', 'a b'],
  ['half-width katakana', '\uff76\uff9e', '\u30ac'],
  ['a composed and a decomposed letter', '\u00e9', 'E\u0301'],
  ['combining marks in another order', 'q\u0307\u0323', 'q\u0323\u0307'],
  ['a composed letter that only its capital lacks', '\u01f0', 'J\u030c'],
  ['sharp s', 'Stra\u00dfe', 'STRASSE'],
  ['capital sharp s', '\u1e9e', 'ss'],
  ['the capital I with a dot', '\u0130', 'i\u0307'],
  ['final sigma', '\u03bf\u03b4\u03bf\u03c2', '\u039f\u0394\u039f\u03a3'],
  ['long s', '\u017f', 's'],
  ['the Kelvin sign', '\u212a', 'k'],
  ['ligatures', '\ufb01', 'FI'],
  ['iota subscript', '\u1fb3', '\u03b1\u03b9'],
  ['Cyrillic', 'ЖУК', 'жук'],
])('%s: both spellings are one name (R-090)', (_what, one, other) => {
  expect(fold(one)).toBe(fold(other));
});

test.each([
  ['dotless i and i', '\u0131', 'i'],
  ['dotless i and capital I', '\u0131', 'I'],
  ['e and e with an accent', 'e', '\u00e9'],
  ['Latin a and Cyrillic a', 'a', '\u0430'],
  ['one space and two', 'a b', 'a  b'],
  ['a superscript and its digit', '\u00b2', '2'],
])('%s: these are two names (R-090)', (_what, one, other) => {
  expect(fold(one)).not.toBe(fold(other));
});

test('folding a key again changes nothing', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(fold(fold(text))).toBe(fold(text));
    }),
  );
});

test('an exact key keeps case and joins composed and decomposed letters', () => {
  expect(exactKey('E\u0301')).toBe('\u00c9');
  expect(exactKey('A')).not.toBe(exactKey('a'));
});
