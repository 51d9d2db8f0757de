import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Value, Values } from '#attributes/attribute.ts';
import { allAttributes, groupType, userType } from '#attributes/resource-type.ts';
import { userAttributes } from '#attributes/user.ts';
import { checkElementFilter, checkFilter } from '#domain/check-filter.ts';
import type { Filter } from '#domain/filter.ts';
import { matches, matchesElement } from '#domain/matches.ts';

const users = allAttributes(userType);
const ada: Values = {
  schemas: [userType.urn],
  userName: 'Ada',
  title: 'Countess',
  nickName: '',
  active: true,
  profileUrl: 'https://example.com/Ada',
  name: { givenName: 'Ada' },
  emails: [
    { value: 'work@example.com', type: 'work', primary: true },
    { value: 'home@example.com', type: 'home' },
    { value: 'bare@example.com' },
  ],
  addresses: [],
  ims: [{}],
  meta: { created: '2026-01-31T09:00:00.5Z' },
  muster: { failedLoginAttempts: 5, extensionGroups: [7, 9], dismissedHints: ['Tour'] },
  enterprise: { manager: { value: 'b0b' } },
};

const asks = (filter: Filter): boolean => matches(users, checkFilter(users, filter), ada);
const part = (path: string, value: string): Filter => ({ op: 'eq', path, value });
const some = (...filters: Filter[]): Filter => ({ op: 'some', path: 'emails', filter: { op: 'and', filters } });

describe('one test', () => {
  test.each<[boolean, string, Filter]>([
    [true, 'equal but for case', { op: 'eq', path: 'userName', value: 'ADA' }],
    [true, 'equal but for width', { op: 'eq', path: 'userName', value: '\uff21da' }],
    [false, 'another name', { op: 'eq', path: 'userName', value: 'adam' }],
    [false, 'case, where it matters', { op: 'eq', path: 'profileUrl', value: 'https://example.com/ada' }],
    [true, 'contains', { op: 'co', path: 'title', value: 'UNT' }],
    [false, 'does not contain', { op: 'co', path: 'title', value: 'u_t' }],
    [true, 'begins', { op: 'sw', path: 'title', value: 'count' }],
    [false, 'does not begin', { op: 'sw', path: 'title', value: 'ount' }],
    [true, 'ends', { op: 'ew', path: 'title', value: 'ess' }],
    [false, 'does not end', { op: 'ew', path: 'title', value: 'es' }],
    [true, 'after', { op: 'gt', path: 'title', value: 'b' }],
    [false, 'not after itself', { op: 'gt', path: 'title', value: 'COUNTESS' }],
    [true, 'after or itself', { op: 'ge', path: 'title', value: 'COUNTESS' }],
    [true, 'before', { op: 'lt', path: 'title', value: 'd' }],
    [false, 'not before itself', { op: 'lt', path: 'title', value: 'countess' }],
    [true, 'before or itself', { op: 'le', path: 'title', value: 'countess' }],
    [true, 'a flag', { op: 'eq', path: 'active', value: true }],
    [false, 'the other flag', { op: 'eq', path: 'active', value: false }],
    [true, 'a number', { op: 'gt', path: 'muster.failedLoginAttempts', value: 4 }],
    [false, 'numbers are not ordered as texts', { op: 'gt', path: 'muster.failedLoginAttempts', value: 10 }],
    [true, 'the same instant elsewhere', { op: 'eq', path: 'meta.created', value: '2026-01-31T10:00:00.500+01:00' }],
    [false, 'a later instant', { op: 'gt', path: 'meta.created', value: '2026-01-31T10:00:00Z' }],
    [true, 'a reference by its id', { op: 'eq', path: 'enterprise.manager', value: 'b0b' }],
    [true, 'an element of a list of texts', { op: 'eq', path: 'muster.dismissedHints', value: 'tour' }],
    [true, 'an element of a list of numbers', { op: 'gt', path: 'muster.extensionGroups', value: 8 }],
    [true, 'a schema', { op: 'eq', path: 'schemas', value: userType.urn }],
    [false, 'another schema', { op: 'eq', path: 'schemas', value: groupType.urn }],
  ])('is %s: %s', (expected, _what, filter) => {
    expect(asks(filter)).toBe(expected);
  });

  test('orders texts by code points, not by the halves of surrogate pairs', () => {
    const values = { title: '\u{1f600}' };
    expect(matches(users, { op: 'gt', path: 'title', value: '\ufffd' }, values)).toBe(true);
  });
});

describe('a missing value', () => {
  test.each(['eq', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'] as const)('fails %s and passes its not', (op) => {
    const filter: Filter = { op, path: 'locale', value: '' };
    expect(asks(filter)).toBe(false);
    expect(asks({ op: 'not', filter })).toBe(true);
  });

  test('is not equal to anything', () => {
    expect(asks({ op: 'ne', path: 'locale', value: 'de' })).toBe(true);
  });

  test.each([
    [true, 'userName'],
    [true, 'active'],
    [true, 'name'],
    [true, 'emails'],
    [true, 'emails.primary'],
    [true, 'muster'],
    [true, 'enterprise.manager'],
    [false, 'locale'],
    [false, 'nickName'],
    [false, 'name.familyName'],
    [false, 'addresses'],
    [false, 'ims'],
    [false, 'phoneNumbers'],
    [false, 'enterprise.department'],
    [false, 'muster.divisions'],
  ])('pr is %s for %s (R-169)', (expected, path) => {
    expect(asks({ op: 'pr', path })).toBe(expected);
    expect(asks({ op: 'eq', path, value: null })).toBe(!expected);
  });
});

describe('elements', () => {
  test.each<[boolean, string, Filter]>([
    [true, 'both tests hold for one element', some(part('type', 'work'), part('value', 'work@example.com'))],
    [false, 'they hold for two elements', some(part('type', 'work'), part('value', 'home@example.com'))],
    [
      true,
      'an element lacks the part that must not be so',
      some({ op: 'ne', path: 'type', value: 'work' }, part('value', 'bare@example.com')),
    ],
    [true, 'no element is equal', { op: 'ne', path: 'emails.type', value: 'other' }],
    [false, 'one element is equal', { op: 'ne', path: 'emails.type', value: 'work' }],
    [false, 'the list is empty', { op: 'some', path: 'addresses', filter: { op: 'ne', path: 'type', value: 'x' } }],
    [false, 'the list is missing', { op: 'some', path: 'roles', filter: { op: 'ne', path: 'type', value: 'x' } }],
  ])('are %s when %s (R-164, R-168)', (expected, _what, filter) => {
    expect(asks(filter)).toBe(expected);
  });

  test('are asked one by one for a change', () => {
    const where = checkElementFilter(userAttributes.emails, part('type', 'WORK'));
    expect(ada.emails).toBeInstanceOf(Array);
    const picked = (ada.emails as readonly Value[]).map((email) => matchesElement(userAttributes.emails, where, email));
    expect(picked).toEqual([true, false, false]);
  });

  test('without parts count as their value', () => {
    const { dismissedHints } = userAttributes.muster.parts;
    expect(matchesElement(dismissedHints, part('value', 'TOUR'), 'Tour')).toBe(true);
    expect(matchesElement(dismissedHints, part('value', 'tour'), 'Other')).toBe(false);
    expect(matchesElement(dismissedHints, { op: 'pr', path: 'value' }, 'Tour')).toBe(true);
  });
});

describe('and, or and not', () => {
  const yes: Filter = { op: 'pr', path: 'userName' };
  const no: Filter = { op: 'pr', path: 'locale' };
  test.each([
    [yes, yes],
    [yes, no],
    [no, yes],
    [no, no],
  ])('mean what they say (case %#)', (one, other) => {
    const [a, b] = [one === yes, other === yes];
    expect(asks({ op: 'and', filters: [one, other] })).toBe(a && b);
    expect(asks({ op: 'or', filters: [one, other] })).toBe(a || b);
    expect(asks({ op: 'not', filter: one })).toBe(!a);
  });
});

test('a name of Object.prototype is no value', () => {
  fc.assert(
    fc.property(fc.constantFrom(...Object.getOwnPropertyNames(Object.prototype)), (name) => {
      const attribute = {
        type: 'complex',
        many: true,
        about: '',
        parts: { value: { type: 'string', about: '' } },
      } as const;
      expect(() => matchesElement(attribute, { op: 'pr', path: name }, {})).toThrow('not checked');
    }),
  );
});

test('a filter that is not in normal form is a mistake of ours and stops the request', () => {
  expect(() => matches(users, { op: 'ne', path: 'title', value: 'x' }, ada)).toThrow('normal form');
  expect(() => matches(users, { op: 'eq', path: 'title', value: null }, ada)).toThrow('normal form');
  expect(() => matches(users, { op: 'pr', path: 'nope' }, ada)).toThrow('not checked');
});
