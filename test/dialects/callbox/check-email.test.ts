import { expect, test } from 'vitest';
import { checkEmail } from '#dialects/callbox/check-email.ts';

test.each([
  ['aida@example.kz', 'aida@example.kz'],
  [' Aida.Omarova+x@Example.KZ ', 'Aida.Omarova+x@example.kz'],
  ['Aida Omarova <aida@example.kz>', 'aida@example.kz'],
  ['әлия@пример.рф', 'әлия@пример.рф'],
  ['a@xn--e1afmkfd.xn--p1ai', 'a@пример.рф'],
  ["o'hara@sub.example.com", "o'hara@sub.example.com"],
])('reads %j', (sent, email) => {
  expect(checkEmail(sent)).toEqual({ email });
});

// The texts of email-validator 2.
test.each([
  ['', 'An email address must have an @-sign.'],
  ['aida', 'An email address must have an @-sign.'],
  ['@example.kz', 'There must be something before the @-sign.'],
  ['aida@', 'There must be something after the @-sign.'],
  ['aida@localhost', 'The part after the @-sign is not valid. It should have a period.'],
  ['aida@example', 'The part after the @-sign is not valid. It should have a period.'],
  ['aida@127.0.0.1', 'The part after the @-sign is not valid. It is not within a valid top-level domain.'],
  ['aida@[127.0.0.1]', 'A bracketed IP address after the @-sign is not allowed here.'],
  ['aida@office.local', 'The part after the @-sign is a special-use or reserved name that cannot be used with email.'],
  ['aida@exam_ple.kz', "The part after the @-sign contains invalid characters: '_'."],
  ['aida@bob@example.kz', "The part after the @-sign contains invalid characters: '@'."],
  ['aida@exa mple.kz', 'The part after the @-sign contains invalid characters: SPACE.'],
  ['aida@.example.kz', 'An email address cannot have a period immediately after the @-sign.'],
  ['aida@example.kz.', 'An email address cannot end with a period.'],
  ['aida@example..kz', 'An email address cannot have two periods in a row.'],
  ['aida@-example.kz', 'An email address cannot have a hyphen immediately after the @-sign.'],
  ['aida@example.kz-', 'An email address cannot end with a hyphen.'],
  ['aida@example-.kz', 'An email address cannot have a period and a hyphen next to each other.'],
  ['.aida@example.kz', 'An email address cannot start with a period.'],
  ['aida.@example.kz', 'An email address cannot have a period immediately before the @-sign.'],
  ['ai..da@example.kz', 'An email address cannot have two periods in a row.'],
  ['ai da@example.kz', 'The email address contains invalid characters before the @-sign: SPACE.'],
  ['a(i),da@example.kz', "The email address contains invalid characters before the @-sign: '(', ')', ','."],
  ['"ai da"@example.kz', 'Quoting the part before the @-sign is not allowed here.'],
  ['ai\u200bda@example.kz', 'The email address contains unsafe characters: ZERO WIDTH SPACE.'],
  [
    '<aida@example.kz',
    'An open angle bracket at the start of the email address has to be followed by a close angle bracket at the end.',
  ],
  [`${'a'.repeat(66)}@example.kz`, 'The email address is too long before the @-sign (2 characters too many).'],
  [
    `a@${'b'.repeat(64)}.kz`,
    'After the @-sign, periods cannot be separated by so many characters (1 character too many).',
  ],
  [`a@${'bcdefgh.'.repeat(31)}example.kz`, 'The email address is too long after the @-sign (3 characters too many).'],
  [`aaaa@${'bcdefgh.'.repeat(31)}kz`, 'The email address is too long (1 character too many).'],
  ['x'.repeat(3_000), 'Length must not exceed 2048 characters'],
])('refuses %j', (sent, reason) => {
  expect(checkEmail(sent)).toEqual({ reason });
});

test('is not slow with an address made to be', () => {
  const started = performance.now();
  for (const text of [
    ' '.repeat(2_000),
    '<'.repeat(2_000),
    `"${'\\'.repeat(2_000)}`,
    `a <${'>'.repeat(2_000)}x`,
    '.'.repeat(2_000),
  ]) {
    expect(checkEmail(text)).toHaveProperty('reason');
  }
  expect(performance.now() - started).toBeLessThan(1_000);
});
