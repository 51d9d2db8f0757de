import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultLimits } from '#http/limits.ts';
import { type BodyProblem, type HarmlessProblem, parseJson } from '#http/parse-json.ts';

const limits = defaultLimits;

function problemOf(text: string, changed: Partial<typeof limits> = {}): BodyProblem | undefined {
  const parsed = parseJson(text, { ...limits, ...changed });
  return parsed.ok ? undefined : parsed.problem;
}

const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
const keys = (count: number) =>
  JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, i])));

describe('what is read', () => {
  test('any JSON value within the limits reads as JSON.parse reads it', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
        const text = JSON.stringify(value);
        const parsed = parseJson(text, limits);
        if (parsed.ok) expect(parsed.value).toEqual(JSON.parse(text));
        else expect(['number_out_of_range', 'ill_formed_text', 'forbidden_key']).toContain(parsed.problem);
      }),
    );
  });

  test('colons, braces and quotes inside strings are text', () => {
    const value = { 'a:b': '{"x":1}', c: '\\":[[[', d: ['"', '\\', ':'] };
    expect(parseJson(JSON.stringify(value), limits)).toEqual({ ok: true, value });
  });

  test.each([
    ['64 levels', nested(64)],
    ['1000 keys', keys(1000)],
    ['a string of 65,536 characters', JSON.stringify('x'.repeat(65_536))],
    ['the largest safe integer', '9007199254740991'],
    ['a whole surrogate pair in escapes', '"\\ud83d\\ude00"'],
    ['the same key in two objects', '[{"a":1},{"a":1}]'],
  ])('%s is accepted', (_name, text) => {
    expect(problemOf(text)).toBeUndefined();
  });
});

describe('what is refused', () => {
  test.each<[string, string, BodyProblem]>([
    ['nothing', '', 'empty'],
    ['white space', ' \n', 'empty'],
    ['half an object', '{"a":', 'not_json'],
    ['two values', '{} {}', 'not_json'],
    ['a comment', '{/* a */}', 'not_json'],
    ['NaN', '{"a":NaN}', 'not_json'],
    ['65 levels', nested(65), 'too_deep'],
    ['100 levels of objects', `${'{"a":'.repeat(100)}1${'}'.repeat(100)}`, 'too_deep'],
    ['1,000,000 levels', nested(1_000_000), 'too_deep'],
    ['1,000,000 levels that never close', '['.repeat(1_000_000), 'too_deep'],
    ['1001 keys', keys(1001), 'too_many_keys'],
    ['a string of 65,537 characters', JSON.stringify('x'.repeat(65_537)), 'string_too_long'],
    ['a key of 65,537 characters', JSON.stringify({ ['x'.repeat(65_537)]: 1 }), 'string_too_long'],
    ['a key twice', '{"a":1,"b":2,"a":3}', 'duplicate_key'],
    ['a key twice, once escaped', '{"a":1,"\\u0061":2}', 'duplicate_key'],
    ['a key twice deep inside', '{"x":[{"y":{"a":1,"a":1}}]}', 'duplicate_key'],
    ['the empty key twice', '{"":1,"":2}', 'duplicate_key'],
    ['__proto__', '{"__proto__":{"isAdmin":true}}', 'forbidden_key'],
    ['__proto__ in escapes', '{"\\u005f_proto__":1}', 'forbidden_key'],
    ['constructor.prototype', '{"a":[{"constructor":{"prototype":{}}}]}', 'forbidden_key'],
    ['an inherited name', '{"toString":1}', 'forbidden_key'],
    ['an inherited name between dots', '{"name.constructor.prototype":1}', 'forbidden_key'],
    ['an inherited name in a URN', '{"urn:x:__proto__":1}', 'forbidden_key'],
    ['a lone surrogate in a value', '{"a":"\\ud800"}', 'ill_formed_text'],
    ['a lone surrogate in a key', '{"\\udc00":1}', 'ill_formed_text'],
    ['a raw lone surrogate', '{"a":"\ud800"}', 'ill_formed_text'],
    ['NUL in a value', '{"a":["x\\u0000y"]}', 'ill_formed_text'],
    ['NUL in a key', '{"a\\u0000":1}', 'ill_formed_text'],
    ['a raw NUL', '{"a":"\0"}', 'not_json'],
    ['1e400', '{"a":1e400}', 'number_out_of_range'],
    ['-1e400', '{"a":[-1e400]}', 'number_out_of_range'],
    ['2^53', '{"a":9007199254740992}', 'number_out_of_range'],
    ['a big integer', '{"a":12345678901234567890}', 'number_out_of_range'],
  ])('%s', (_name, text, problem) => {
    expect(problemOf(text)).toBe(problem);
  });

  test('a longer string is accepted where the caller allows it', () => {
    const text = JSON.stringify({ photo: 'x'.repeat(1_000_000) });
    expect(problemOf(text)).toBe('string_too_long');
    expect(problemOf(text, { jsonStringLength: limits.jsonLongStringLength })).toBeUndefined();
  });

  test('a refusal says what would be right and never repeats what was sent', () => {
    const secret = 'hunter2';
    const texts = [
      `{"${secret}":`,
      `${secret}`,
      `{"${secret}":1,"${secret}":2}`,
      `{"${secret}":"\\u0000"}`,
      `{"${secret}":1e400}`,
      `{"at position 9999 (line 1 column 1)": ${secret} }`,
    ];
    for (const text of texts) {
      const parsed = parseJson(text, limits);
      expect(parsed.ok).toBe(false);
      if (!parsed.ok) {
        expect(parsed.detail).not.toContain(secret);
        expect(parsed.detail).not.toContain('9999');
        expect(parsed.detail).toContain('; ');
      }
    }
  });

  test('prototypes are as they were after every refusal', () => {
    parseJson('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}', limits);
    expect(Object.prototype).not.toHaveProperty('polluted');
  });
});

describe('what a caller passes over', () => {
  const { jsonStringLength } = limits;
  test.each<[HarmlessProblem, string, string]>([
    ['duplicate_key', '"a":1,"a":2', '"a":2'],
    ['forbidden_key', '"__proto__":{"b":1}', '"__proto__":{"b":1}'],
    ['number_out_of_range', '"a":1e17', '"a":100000000000000000'],
    ['ill_formed_text', '"a":"\\ud800\\u0000"', '"a":"\\ud800\\u0000"'],
  ])('%s is taken as JSON.parse takes it, and what else is wrong is refused', (problem, members, taken) => {
    const parse = (text: string) => parseJson(text, limits, [problem]);
    const parsed = parse(`{${members}}`);
    expect(parsed.ok && JSON.stringify(parsed.value)).toBe(`{${taken}}`);
    expect(problemOf(`{${members}}`)).toBe(problem);
    expect(parse(`[{${members}},${keys(1_001)}]`)).toMatchObject({ problem: 'too_many_keys' });
    for (const place of [`{${members},"b":"<>"}`, `{${members},"<>":1}`, `["<>",{${members}}]`]) {
      const long = place.replace('<>', 'x'.repeat(jsonStringLength + 1));
      expect(parse(long)).toMatchObject({ problem: 'string_too_long' });
    }
  });

  test('is told from what is wrong beside it', () => {
    const both = '{"a":1,"a":{"toString":1e400}}';
    expect(parseJson(both, limits, ['duplicate_key'])).toMatchObject({ ok: false });
    expect(parseJson(both, limits, ['duplicate_key', 'number_out_of_range'])).toMatchObject({
      ...{ problem: 'forbidden_key' },
    });
    expect(parseJson('"a\ud800"', limits, ['ill_formed_text'])).toEqual({ ok: true, value: 'a\ud800' });
  });
});

describe('8 MiB of one thing', () => {
  // Quadratic work on these would be 10^13 steps and run into the time limit of the test.
  const wide = { jsonStringLength: 16_777_216 };
  const body = (unit: string) => `{"a":"${unit.repeat(Math.floor(8_388_608 / unit.length))}"}`;

  test.each<[string, string, BodyProblem | undefined]>([
    ['escaped newlines', '\\n', undefined],
    ['raw newlines', '\n', 'not_json'],
    ['escaped backslashes', '\\\\', undefined],
    ['escaped quotes', '\\"', undefined],
    ['strings', 'a","', 'not_json'],
    ['colons', ':', undefined],
    ['NULs', '\\u0000', 'ill_formed_text'],
  ])('%s', (_name, unit, problem) => {
    expect(problemOf(body(unit), wide)).toBe(problem);
  });

  test('a string that never ends', () => {
    expect(problemOf(`"${'\\'.repeat(8_388_608)}`, wide)).toBe('not_json');
  });
});
