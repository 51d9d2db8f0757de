import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allAttributes, groupType, orgUnitType, resourceTypes, userType } from '#attributes/resource-type.ts';
import { userAttributes } from '#attributes/user.ts';
import { checkElementFilter, checkFilter } from '#domain/check-filter.ts';
import type { Filter } from '#domain/filter.ts';
import { anyFilter } from './any-filter.ts';
import { faultOf } from './fault-of.ts';

const users = allAttributes(userType);
const groups = allAttributes(groupType);
const units = allAttributes(orgUnitType);

const title: Filter = { op: 'eq', path: 'title', value: 'x' };
const locale: Filter = { op: 'eq', path: 'locale', value: 'de' };
const some = (path: string, filter: Filter): Filter => ({ op: 'some', path, filter });
const not = (filter: Filter): Filter => ({ op: 'not', filter });
const valueIs = (value: string): Filter => ({ op: 'eq', path: 'value', value });

describe('the normal form', () => {
  test.each<[string, Filter, Filter]>([
    ['a test stays as it is', title, title],
    ['ne is not eq', { ...title, op: 'ne' } as Filter, not(title)],
    ['eq null asks for absence', { op: 'eq', path: 'title', value: null }, not({ op: 'pr', path: 'title' })],
    ['ne null asks for presence', { op: 'ne', path: 'title', value: null }, { op: 'pr', path: 'title' }],
    ['not not is nothing', not(not(title)), title],
    ['not ne is eq', not({ ...title, op: 'ne' } as Filter), title],
    ['a list of one is its element', { op: 'and', filters: [{ op: 'or', filters: [title] }] }, title],
    [
      'lists of one kind are one list',
      { op: 'and', filters: [title, { op: 'and', filters: [locale, title] }] },
      { op: 'and', filters: [title, locale, title] },
    ],
    [
      'lists of two kinds stay apart',
      { op: 'and', filters: [title, { op: 'or', filters: [locale, title] }] },
      { op: 'and', filters: [title, { op: 'or', filters: [locale, title] }] },
    ],
    ['a list means its value', { op: 'eq', path: 'emails', value: 'x' }, some('emails', valueIs('x'))],
    [
      'a part of a list is asked of an element',
      { op: 'eq', path: 'emails.value', value: 'x' },
      some('emails', valueIs('x')),
    ],
    ['ne on a list: no element is equal', { op: 'ne', path: 'emails', value: 'x' }, not(some('emails', valueIs('x')))],
    ['pr on a list asks for any element', { op: 'pr', path: 'emails' }, { op: 'pr', path: 'emails' }],
    ['pr on a part of a list', { op: 'pr', path: 'emails.type' }, some('emails', { op: 'pr', path: 'type' })],
    ['eq null on a list', { op: 'eq', path: 'emails', value: null }, not({ op: 'pr', path: 'emails' })],
    [
      'what stands in some is brought into normal form too',
      some('emails', { op: 'and', filters: [{ op: 'ne', path: 'type', value: 'work' }] }),
      some('emails', not({ op: 'eq', path: 'type', value: 'work' })),
    ],
    [
      'a list of texts has elements with a value',
      { op: 'eq', path: 'muster.dismissedHints', value: 'x' },
      some('muster.dismissedHints', valueIs('x')),
    ],
    [
      'a list of numbers too',
      { op: 'gt', path: 'muster.extensionGroups', value: 5 },
      some('muster.extensionGroups', { op: 'gt', path: 'value', value: 5 }),
    ],
    ['a list in an extension', { op: 'eq', path: 'muster.shops', value: 'x' }, some('muster.shops', valueIs('x'))],
    [
      'a reference means its value',
      { op: 'eq', path: 'enterprise.manager', value: 'x' },
      { op: 'eq', path: 'enterprise.manager.value', value: 'x' },
    ],
    ['pr on a reference', { op: 'pr', path: 'enterprise.manager' }, { op: 'pr', path: 'enterprise.manager.value' }],
    ['groups of a user', { op: 'eq', path: 'groups', value: 'x' }, some('groups', valueIs('x'))],
    ['schemas', { op: 'eq', path: 'schemas', value: 'urn:x' }, some('schemas', valueIs('urn:x'))],
    ['pr on schemas', { op: 'pr', path: 'schemas' }, { op: 'pr', path: 'schemas' }],
    ['externalId', { op: 'eq', path: 'externalId', value: 'x' }, { op: 'eq', path: 'externalId', value: 'x' }],
  ])('%s', (_what, filter, expected) => {
    expect(checkFilter(users, filter)).toEqual(expected);
  });

  test('members are asked of an element', () => {
    expect(checkFilter(groups, { op: 'eq', path: 'members', value: 'x' })).toEqual(some('members', valueIs('x')));
    expect(checkFilter(groups, { op: 'eq', path: 'members.value', value: 'x' })).toEqual(some('members', valueIs('x')));
  });

  test('pr on a complex attribute asks for any of its stored parts', () => {
    const parts = ['latitude', 'longitude'].map((part) => ({ op: 'pr', path: `coordinates.${part}` }));
    expect(checkFilter(units, { op: 'pr', path: 'coordinates' })).toEqual({ op: 'or', filters: parts });
  });

  test('pr on an extension asks for anything stored in it, lists included', () => {
    const filter = checkFilter(users, { op: 'pr', path: 'muster' });
    const paths = filter.op === 'or' ? filter.filters.map((inner) => (inner.op === 'pr' ? inner.path : inner.op)) : [];
    expect(paths).toEqual(expect.arrayContaining(['muster.role', 'muster.franchisee.value', 'muster.divisions']));
    expect(paths).not.toContain('muster.franchisee.$ref');
  });

  test.each(resourceTypes.map((type) => [type.name, type] as const))(
    'is reached in one step for any filter on a %s',
    (_name, type) => {
      const table = allAttributes(type);
      fc.assert(
        fc.property(anyFilter(table), (filter) => {
          const once = checkFilter(table, filter);
          expect(checkFilter(table, once)).toEqual(once);
        }),
      );
    },
  );
});

describe('a refusal', () => {
  test.each<[string, Filter]>([
    ['an attribute that does not exist', { op: 'eq', path: 'nope', value: 'x' }],
    ['an inherited name', { op: 'pr', path: 'constructor' }],
    ['an inherited name in an element', some('emails', { op: 'eq', path: 'toString', value: 'x' })],
    ['an attribute that is not stored', { op: 'eq', path: 'meta.location', value: 'x' }],
    ['pr on one', { op: 'pr', path: 'groups.display' }],
    ['one in an element', some('groups', { op: 'eq', path: 'display', value: 'x' })],
    ['a complex attribute without a value part', { op: 'eq', path: 'name', value: 'x' }],
    ['a list without a value part', { op: 'eq', path: 'addresses', value: 'x' }],
    ['an extension', { op: 'eq', path: 'enterprise', value: 'x' }],
    ['brackets on a single value', some('name', { op: 'eq', path: 'givenName', value: 'x' })],
    ['brackets on a part', some('emails.value', valueIs('x'))],
    ['brackets in brackets', some('emails', some('emails', valueIs('x')))],
    ['a part that the element does not have', some('emails', { op: 'pr', path: 'emails' })],
    ['the order of a flag', { op: 'gt', path: 'active', value: true }],
    ['the order of a binary', { op: 'lt', path: 'x509Certificates', value: 'QQ==' }],
    ['a part of a binary', { op: 'co', path: 'x509Certificates', value: 'QQ==' }],
    ['a part of a time', { op: 'sw', path: 'meta.created', value: '2026-01-31T09:00:00Z' }],
    ['a part of a number', { op: 'co', path: 'muster.failedLoginAttempts', value: 5 }],
    ['a number for a text', { op: 'eq', path: 'title', value: 5 }],
    ['a text for a number', { op: 'eq', path: 'muster.failedLoginAttempts', value: '5' }],
    ['a fraction for a whole number', { op: 'eq', path: 'muster.failedLoginAttempts', value: 1.5 }],
    ['an unsafe number', { op: 'eq', path: 'muster.failedLoginAttempts', value: 2 ** 53 }],
    ['a text for a flag', { op: 'eq', path: 'active', value: 'true' }],
    ['what is no time', { op: 'gt', path: 'meta.created', value: 'yesterday' }],
    ['the order of nothing', { op: 'gt', path: 'title', value: null }],
    ['NUL', { op: 'eq', path: 'title', value: 'a\0' }],
    ['half a surrogate pair', { op: 'eq', path: 'title', value: '\ud800' }],
    ['schemas compared with other than eq', { op: 'co', path: 'schemas', value: 'urn' }],
    ['the same in brackets', some('schemas', { op: 'co', path: 'value', value: 'urn' })],
    ['an empty list', { op: 'and', filters: [] }],
  ])('is the answer to %s', (_what, filter) => {
    expect(faultOf(() => checkFilter(users, filter)).kind).toBe('invalid_filter');
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])('is the answer to %s as a coordinate', (value) => {
    const filter: Filter = { op: 'gt', path: 'coordinates.latitude', value };
    expect(faultOf(() => checkFilter(units, filter)).kind).toBe('invalid_filter');
  });

  test.each<Filter>([
    { op: 'eq', path: 'password', value: 'x' },
    { op: 'sw', path: 'password', value: 'x' },
    { op: 'pr', path: 'password' },
  ])('is the answer to a question about a password: $op (R-184)', (filter) => {
    expect(faultOf(() => checkFilter(users, filter)).kind).toBe('sensitive');
  });

  test('names the attribute and does not repeat the value', () => {
    const fault = faultOf(() => checkFilter(users, { op: 'gt', path: 'active', value: 'Sekret' }));
    expect(fault.details.attribute).toBe('active');
    expect(fault.message).toContain('active');
    expect(fault.message).not.toContain('Sekret');
  });
});

describe('a filter on an element', () => {
  test('is brought into the normal form of what stands in some', () => {
    expect(checkElementFilter(userAttributes.emails, { op: 'ne', path: 'type', value: 'work' })).toEqual(
      not({ op: 'eq', path: 'type', value: 'work' }),
    );
    expect(checkElementFilter(userAttributes.muster.parts.dismissedHints, valueIs('x'))).toEqual(valueIs('x'));
  });

  test('may ask about a part that is not stored, but not about a computed one', () => {
    const attribute = {
      type: 'complex',
      many: true,
      about: '',
      parts: { kept: { type: 'string', about: '' }, made: { type: 'string', computed: true, about: '' } },
    } as const;
    expect(checkElementFilter(attribute, { op: 'pr', path: 'kept' })).toEqual({ op: 'pr', path: 'kept' });
    expect(faultOf(() => checkElementFilter(attribute, { op: 'pr', path: 'made' })).kind).toBe('invalid_filter');
  });
});
