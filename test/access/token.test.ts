import { describe, expect, test } from 'vitest';
import { hashToken, isToken, newToken, type TokenForm, tokenForms } from '#access/token.ts';

const forms = Object.keys(tokenForms) as TokenForm[];

describe.each(forms)('a token of the form %s', (form) => {
  test('is recognised, known by its hash and shown by its beginning', () => {
    const { token, hash, prefix } = newToken(form);
    expect(isToken(token)).toBe(true);
    expect(hash).toEqual(hashToken(token));
    expect(token.startsWith(prefix)).toBe(true);
    expect(prefix.length).toBeLessThanOrEqual(8);
  });

  test('is another each time', () => {
    const many = Array.from({ length: 200 }, () => newToken(form).token);
    expect(new Set(many).size).toBe(200);
  });

  test('is not recognised with more, with less or in other capitals', () => {
    const { token } = newToken(form);
    for (const other of [`${token}0`, `0${token}`, token.slice(1), token.slice(0, -1), ` ${token}`, `${token}\n`]) {
      expect(isToken(other)).toBe(false);
    }
    expect(isToken(token.toUpperCase())).toBe(false);
  });
});

test('one wrong character of an mst token is noticed by its checksum', () => {
  const { token } = newToken('mst');
  for (let place = 4; place < token.length; place += 1) {
    const other = token[place] === 'a' ? 'b' : 'a';
    expect(isToken(token.slice(0, place) + other + token.slice(place + 1))).toBe(false);
  }
});

test('a UUID that is not of 122 random bits is no token', () => {
  const uuid = newToken('uuid').token;
  for (const version of ['1', '5', '7']) expect(isToken(`${uuid.slice(0, 14)}${version}${uuid.slice(15)}`)).toBe(false);
  expect(isToken(`${uuid.slice(0, 19)}c${uuid.slice(20)}`)).toBe(false);
});

test('a Metabase key is base64 of 32 bytes', () => {
  const { token, prefix } = newToken('mb');
  expect(Buffer.from(token.slice(3), 'base64')).toHaveLength(32);
  expect(prefix).toHaveLength(7);
});
