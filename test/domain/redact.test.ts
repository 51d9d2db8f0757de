import { describe, expect, test } from 'vitest';
import { redactBody, redactTarget, redactText } from '#domain/redact.ts';

const word = 'correct-horse-7f3a';
const token = `mst_${'A1b2'.repeat(9)}xy`;
const key = `mb_${'A+b/'.repeat(10)}A+b=`;
const session = '0a7c2c39-5c05-4d1f-9c5a-0e2b4a6d8f01';
const id = '01a20016-d54f-7ef4-b28a-1b7112d22cf5';
const body = (value: unknown, policy: 'keep' | 'redact' = 'keep', lengthMax = 16_384) =>
  redactBody(value, policy, lengthMax);
const target = (text: string, policy: 'keep' | 'redact' = 'keep') => redactTarget(text, policy, 1_000);
const filter = (text: string, policy?: 'keep' | 'redact') =>
  target(`/Users?filter=${encodeURIComponent(text)}`, policy).slice('/Users?filter='.length);

describe('a body', () => {
  test('is kept as it was sent where it holds no secret', () => {
    const sent = {
      schemas: ['urn:x'],
      userName: 'ada',
      active: false,
      emails: [{ value: 'a@b', primary: true }],
      n: null,
    };
    expect(JSON.parse(body(sent))).toEqual(sent);
  });

  test.each([
    ['an attribute that is never returned', { password: word }],
    ['its name in other capitals', { PassWord: word }],
    ['a list of them', { passwords: [word, { value: word }] }],
    ['a number', { passcode: 7_354_321 }],
    ['inside an extension', { 'urn:x:User': { apiKey: word, api_key: word, client_secret: word } }],
    ['an object under its name', { authorization: { scheme: 'Basic', value: word } }],
    ['a path as a name', { 'urn:ietf:params:scim:schemas:core:2.0:User:password': word }],
    ['the value of a PATCH operation', { Operations: [{ op: 'replace', path: 'password', value: word }] }],
    [
      'a PATCH operation in other capitals',
      { Operations: [{ OP: 'Replace', Path: 'PASSWORD', VALUE: [{ value: word }] }] },
    ],
    ['a secret where the op belongs', { Operations: [{ op: word, path: 'password', value: 'x' }] }],
    ['a value without path', { Operations: [{ op: 'replace', value: { password: word } }] }],
    ['a filter in a path', { Operations: [{ op: 'remove', path: `password[value eq "${word}"]` }] }],
    ['a filter of a search', { schemas: ['urn:x'], filter: `password eq "${word}" or userName eq "ada"` }],
    ['a filter in a name', { [`passwords[value eq "${word}"].display`]: true }],
    ['a pair of name and value', { attributes: [{ name: 'password', value: word }] }],
    ['a token under any name', { displayName: `is ${token}!` }],
    ['the token of a reset under any name', { displayName: `12_${session}` }],
    ['the token of a session', { session_id: session, token: session }],
  ])('loses a secret: %s', (_what, sent) => {
    for (const policy of ['keep', 'redact'] as const) {
      const text = body(sent, policy);
      expect(text).not.toContain(word);
      expect(text).not.toContain(token);
      expect(text).not.toContain(session);
      expect(text).not.toContain('7354321');
      expect(() => JSON.parse(text)).not.toThrow();
    }
  });

  test('keeps flags beside secrets: that a password must change is none', () => {
    expect(body({ mustChangePassword: true })).toBe('{"mustChangePassword":true}');
  });

  test('is cut where it is long, at no greater cost', () => {
    const members = Array.from({ length: 100_000 }, (_, index) => ({ value: `id-${index}` }));
    const text = body({ members }, 'keep', 1_000);
    expect(text.length).toBeLessThan(1_100);
    expect(text.endsWith('…')).toBe(true);
    expect(body({ a: 'x'.repeat(1_000_000) }, 'keep', 1_000).length).toBe(1_001);
  });

  test('keeps names, flags and ids and no other value when values are redacted', () => {
    const sent = {
      schemas: ['urn:x'],
      userName: 'Persephone',
      nick: 42,
      active: false,
      members: [{ value: id, type: 'User' }],
      Operations: [{ op: 'replace', path: 'emails[value eq "Persephone"].value', value: 'Persephone' }],
      'nicknames[value eq "Persephone"].display': 'Persephone',
    };
    const text = body(sent, 'redact');
    expect(text).not.toMatch(/Persephone|42/);
    expect(JSON.parse(text)).toMatchObject({
      schemas: ['urn:x'],
      active: false,
      members: [{ value: id, type: 'User' }],
    });
    expect(text).toContain('"path":"emails[value eq');
  });
});

describe('a target', () => {
  test('is shown decoded', () => {
    expect(target('/Users?filter=userName%20eq+%22%D0%98%D0%B2%D0%B0%D0%BD%22&count=1')).toBe(
      '/Users?filter=userName eq "Иван"&count=1',
    );
    expect(target('/Users/1')).toBe('/Users/1');
  });

  test.each([
    `/Users?access_token=${word}`,
    `/Users?code=${word}&a=b`,
    `/Users?filter=${encodeURIComponent(`password eq "${word}"`)}`,
    `/Users?FILTER=${encodeURIComponent(`urn:x:User:passWord co '${word}'`)}`,
    `/Users?filter=${encodeURIComponent(`not (title pr) and password sw ${word}`)}`,
    `/Users/${token}`,
    `/%6dst_${token.slice(4)}?x=${token}`,
    `/auth/reset_password/12_${session}#new`,
    `/api/session/${session}?${session}&x=${session}`,
    `/api/user?query=${key}&q=${encodeURIComponent(key)}&${key}`,
  ])('loses its secret: %s', (sent) => {
    for (const policy of ['keep', 'redact'] as const) {
      expect(target(sent, policy)).not.toContain(word);
      expect(target(sent, policy)).not.toContain(token);
      expect(target(sent, policy)).not.toContain(session);
      expect(target(sent, policy)).not.toMatch(/mb_\w/);
    }
  });

  test('keeps our ids, and in a filter those of others', () => {
    expect(target(`/Users/${id}?resource=${id}`)).toBe(`/Users/${id}?resource=${id}`);
    expect(filter(`externalId eq "${session}"`)).toBe(`externalId eq "${session}"`);
  });

  test('keeps what a filter asks, not for whom, when values are redacted', () => {
    expect(filter('userName eq "ada" and not (title co "Dr. \\"x\\"") or id pr', 'redact')).toBe(
      'userName eq "…" and not (title co "…") or id pr',
    );
    expect(filter('active eq true and n gt 5', 'redact')).toBe('active eq true and n gt …');
    expect(filter('ada lovelace', 'redact')).toBe('…');
    expect(filter('ada', 'redact')).toBe('…');
    expect(body({ filter: 'ada' }, 'redact')).toBe('{"filter":"…"}');
    expect(filter('userName eq "ada', 'redact')).toBe('userName eq "…"');
    expect(target('/Users?startIndex=1&who=ada&ada', 'redact')).toBe('/Users?startIndex=1&who=…&…');
  });

  test('that cannot be decoded is not repeated', () => {
    expect(target('/Users/%zz?filter=%zz')).toBe('[not decodable]?filter=[not decodable]');
  });
});

test('NUL is replaced, since no database keeps it', () => {
  expect(redactText('a\0b', 10)).toBe('a\ufffdb');
});
