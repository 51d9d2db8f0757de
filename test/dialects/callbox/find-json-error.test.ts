import { expect, test } from 'vitest';
import { findJsonError } from '#dialects/callbox/find-json-error.ts';

// What CPython 3.12 says of each, and where: Lib/test/test_json/test_fail.py and its C scanner.
test.each([
  ['', 'Expecting value', 0],
  ['  ', 'Expecting value', 2],
  ['[', 'Expecting value', 1],
  ['[42', "Expecting ',' delimiter", 3],
  ['[42,', 'Expecting value', 4],
  ['["', 'Unterminated string starting at', 1],
  ['["spam', 'Unterminated string starting at', 1],
  ['["spam"', "Expecting ',' delimiter", 7],
  ['["spam",', 'Expecting value', 8],
  ['["spam",]', 'Expecting value', 8],
  ['{', 'Expecting property name enclosed in double quotes', 1],
  ['{"', 'Unterminated string starting at', 1],
  ['{"spam"', "Expecting ':' delimiter", 7],
  ['{"spam":', 'Expecting value', 8],
  ['{"spam":42', "Expecting ',' delimiter", 10],
  ['{"spam":42,', 'Expecting property name enclosed in double quotes', 11],
  ['{"spam":42,}', 'Expecting property name enclosed in double quotes', 11],
  ['{"spam":42 "ham"', "Expecting ',' delimiter", 11],
  ['{42', 'Expecting property name enclosed in double quotes', 1],
  ['{some broken json}', 'Expecting property name enclosed in double quotes', 1],
  ["{'a': 1}", 'Expecting property name enclosed in double quotes', 1],
  ['[{"spam":]', 'Expecting value', 9],
  ['[{]', 'Expecting property name enclosed in double quotes', 2],
  ['[]]', 'Extra data', 2],
  ['{}  x', 'Extra data', 4],
  ['42,"spam"', 'Extra data', 2],
  ['01', 'Extra data', 1],
  ['-', 'Expecting value', 0],
  ['1.', 'Extra data', 1],
  ['[1e]', "Expecting ',' delimiter", 2],
  ['nul', 'Expecting value', 0],
  ['"a\tb"', 'Invalid control character at', 2],
  ['"\\x"', 'Invalid \\escape', 1],
  ['"\\', 'Unterminated string starting at', 0],
  ['"\\u12x4"', 'Invalid \\uXXXX escape', 2],
  ['"\\u1234', 'Invalid \\uXXXX escape', 2],
  ['{"имя": Ада}', 'Expecting value', 8],
  ['["😀", x]', 'Expecting value', 6],
])('of %j says %s at %i', (text, message, position) => {
  expect(findJsonError(text)).toEqual({ message, position });
});

test.each(['{"a": [1, -2.5e+3, "\\u00e9\\n", true, null]}', ' [] ', '{"a": NaN, "b": -Infinity}'])(
  'finds nothing wrong with %j',
  (text) => {
    expect(findJsonError(text)).toBeUndefined();
  },
);
