import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allAttributes, groupType, type ResourceType, resourceTypes, userType } from '#attributes/resource-type.ts';
import { scimLimits } from '#dialects/scim/limits.ts';
import { readFilter } from '#dialects/scim/read-filter.ts';
import { checkFilter } from '#domain/check-filter.ts';
import type { Comparison, Filter, FilterValue } from '#domain/filter.ts';
import { anyFilter } from '../../domain/any-filter.ts';
import { faultOf } from '../../domain/fault-of.ts';
import { core, enterprise, muster } from './urns.ts';
import { writeFilter } from './write-filter.ts';

const is = (path: string, value: FilterValue, op: Comparison = 'eq'): Filter => ({ op, path, value });
const pr = (path: string): Filter => ({ op: 'pr', path });
const some = (path: string, filter: Filter): Filter => ({ op: 'some', path, filter });
const not = (filter: Filter): Filter => ({ op: 'not', filter });
const and = (...filters: Filter[]): Filter => ({ op: 'and', filters });
const or = (...filters: Filter[]): Filter => ({ op: 'or', filters });
const work = is('type', 'work');

const strict = (text: string, type: ResourceType = userType): Filter => readFilter(text, type, { lenient: false });
const lenient = (text: string, type: ResourceType = userType): Filter => readFilter(text, type, { lenient: true });

describe('both modes read', () => {
  test.each<[string, string, Filter]>([
    ['R-160', 'userName eq "x"', is('userName', 'x')],
    ['R-160', 'userName ne "x"', not(is('userName', 'x'))],
    ['R-160', 'title co "x"', is('title', 'x', 'co')],
    ['R-160', 'title sw "x"', is('title', 'x', 'sw')],
    ['R-160', 'title ew "x"', is('title', 'x', 'ew')],
    ['R-160', 'title gt "x"', is('title', 'x', 'gt')],
    ['R-160', 'title ge "x"', is('title', 'x', 'ge')],
    ['R-160', 'title lt "x"', is('title', 'x', 'lt')],
    ['R-160', 'title le "x"', is('title', 'x', 'le')],
    ['R-160', 'title pr', pr('title')],
    ['R-160', 'active eq true', is('active', true)],
    ['R-160', 'active ne false', not(is('active', false))],
    ['R-160', `${muster}:failedLoginAttempts ge 3`, is('muster.failedLoginAttempts', 3, 'ge')],
    ['R-160', 'profileUrl sw "https:"', is('profileUrl', 'https:', 'sw')],
    ['R-160', 'meta.created gt "2026-01-31T09:00:00Z"', is('meta.created', '2026-01-31T09:00:00Z', 'gt')],
    ['R-161', 'userName Eq "x"', is('userName', 'x')],
    ['R-161', 'USERNAME eq "x" AND Title PR', and(is('userName', 'x'), pr('title'))],
    ['R-162', 'title pr or locale pr and active eq true', or(pr('title'), and(pr('locale'), is('active', true)))],
    ['R-162', '(title pr or locale pr) and active eq true', and(or(pr('title'), pr('locale')), is('active', true))],
    ['R-162', 'not (title pr) and locale pr', and(not(pr('title')), pr('locale'))],
    ['R-162', 'not(title pr or locale pr)', not(or(pr('title'), pr('locale')))],
    ['R-162', 'not (not (title pr))', pr('title')],
    ['R-162', '((title pr))', pr('title')],
    ['R-162', 'title pr and locale pr and active eq true', and(pr('title'), pr('locale'), is('active', true))],
    ['R-163', `${core}:userName sw "J"`, is('userName', 'J', 'sw')],
    ['R-163', `${core.toUpperCase()}:USERNAME sw "J"`, is('userName', 'J', 'sw')],
    ['R-163', `${core}:name.givenName pr`, pr('name.givenName')],
    ['R-163', `${core}:meta.created pr`, pr('meta.created')],
    ['R-163', `${enterprise}:department eq "x"`, is('enterprise.department', 'x')],
    ['R-163', `${enterprise}:manager.value eq "x"`, is('enterprise.manager.value', 'x')],
    ['R-163', `${enterprise}:manager eq "x"`, is('enterprise.manager.value', 'x')],
    ['R-304', `${enterprise}.department eq "x"`, is('enterprise.department', 'x')],
    ['R-164', 'emails[type eq "work" and value co "@x"]', some('emails', and(work, is('value', '@x', 'co')))],
    ['R-164', 'emails[not (type eq "work")] and title pr', and(some('emails', not(work)), pr('title'))],
    [
      'R-164',
      `not (${muster}:attributes[name eq "a" or value pr])`,
      not(some('muster.attributes', or(is('name', 'a'), pr('value')))),
    ],
    ['R-165', 'emails[type eq "work"].value eq "x"', some('emails', and(work, is('value', 'x')))],
    [
      'R-165',
      'emails[type eq "work"].value eq "x" and title pr',
      and(some('emails', and(work, is('value', 'x'))), pr('title')),
    ],
    [
      'R-165',
      'emails[type eq "a" or type eq "b"].VALUE pr',
      some('emails', and(or(is('type', 'a'), is('type', 'b')), pr('value'))),
    ],
    ['R-166', 'emails eq "x"', some('emails', is('value', 'x'))],
    ['R-166', 'emails co "x"', some('emails', is('value', 'x', 'co'))],
    ['R-166', 'emails.value eq "x"', some('emails', is('value', 'x'))],
    ['R-167', `schemas eq "${enterprise}"`, some('schemas', is('value', enterprise))],
    ['R-168', 'emails ne "x"', not(some('emails', is('value', 'x')))],
    ['R-170', 'title eq null', not(pr('title'))],
    ['R-170', 'title ne null', pr('title')],
    ['R-170', 'name.givenName eq null', not(pr('name.givenName'))],
    ['R-176', `title eq "O'Malley"`, is('title', "O'Malley")],
    ['R-176', 'title eq "a\\"b"', is('title', 'a"b')],
    ['R-176', 'title eq "\\u00e9"', is('title', 'é')],
    ['R-176', 'title eq "\\\\"', is('title', '\\')],
    ['R-176', 'title co "%_"', is('title', '%_', 'co')],
    ['R-176', 'title eq "😀"', is('title', '😀')],
    ['R-176', 'title eq ""', is('title', '')],
    ['R-179', 'title eq"x"', is('title', 'x')],
    ['R-179', 'title   eq   "x"', is('title', 'x')],
    ['R-179', ' title eq "x" ', is('title', 'x')],
    ['R-179', '( title pr )', pr('title')],
    [
      'R-180',
      'meta.lastModified ge "0001-01-03T00:00:00.0000000Z"',
      is('meta.lastModified', '0001-01-03T00:00:00.0000000Z', 'ge'),
    ],
    ['R-185', 'groups.value eq "id"', some('groups', is('value', 'id'))],
    ['R-185', 'groups eq "id"', some('groups', is('value', 'id'))],
    ['R-186', 'id eq "x"', is('id', 'x')],
    ['Q-PING-01', 'externalId Eq "x"', is('externalId', 'x')],
    ['P-3', 'title eq "CORP\\\\bob"', is('title', 'CORP\\bob')],
    ['P-4', 'title eq "x\\\\"', is('title', 'x\\')],
    ['P-5', 'title eq "\\u0418\\n\\t\\/"', is('title', 'И\n\t/')],
    [
      'P-7',
      `${muster}:failedLoginAttempts gt -5 and title pr`,
      and(is('muster.failedLoginAttempts', -5, 'gt'), pr('title')),
    ],
    ['P-7', `(${muster}:failedLoginAttempts eq 1E+2)`, is('muster.failedLoginAttempts', 100)],
    ['P-7', `${muster}:failedLoginAttempts eq -0`, is('muster.failedLoginAttempts', 0)],
    ['V-8', `title eq "' or 1=1 --"`, is('title', "' or 1=1 --")],
  ])('%s %s', (_id, text, expected) => {
    expect(strict(text)).toEqual(expected);
    expect(lenient(text)).toEqual(expected);
  });

  test.each<[string, Filter]>([
    ['members.value eq "id"', some('members', is('value', 'id'))],
    ['members[value eq "id"]', some('members', is('value', 'id'))],
    ['members[value eq"id"]', some('members', is('value', 'id'))],
    ['members eq "id"', some('members', is('value', 'id'))],
    ['id eq "x" and members eq "y"', and(is('id', 'x'), some('members', is('value', 'y')))],
  ])('of groups: %s (R-185, R-186)', (text, expected) => {
    expect(strict(text, groupType)).toEqual(expected);
  });
});

describe('lenient alone reads', () => {
  const coordinates = resourceTypes[2] as ResourceType;
  test.each<[string, string, Filter, ResourceType?]>([
    ['R-177', 'userName eq bjensen', is('userName', 'bjensen')],
    [
      'R-177',
      'userName eq bjensen@example.com and active eq true',
      and(is('userName', 'bjensen@example.com'), is('active', true)),
    ],
    ['R-177', '(userName eq bjensen)', is('userName', 'bjensen')],
    ['R-177', 'userName eq Иван', is('userName', 'Иван')],
    ['R-177', "userName eq O'Malley", is('userName', "O'Malley")],
    ['R-177', 'meta.created gt 2011-05-13T04:42:34Z', is('meta.created', '2011-05-13T04:42:34Z', 'gt')],
    ['R-177', "userName eq 'bjensen'", is('userName', 'bjensen')],
    ['R-177', "userName eq 'a \\'b\\' \"c\" \\\\ \\u0418'", is('userName', 'a \'b\' "c" \\ И')],
    ['R-178', 'roles[primary eq "True"]', some('roles', is('primary', true))],
    ['R-178', 'active eq "true"', is('active', true)],
    ['P-17', 'active eq True', is('active', true)],
    ['P-17', 'active eq FALSE', is('active', false)],
    ['P-17', 'title eq NULL', not(pr('title'))],
    ['R-179', "userName eq'x'", is('userName', 'x')],
    ['R-179', 'userName\teq\t"x"', is('userName', 'x')],
    ['R-179', 'userName\u00a0eq \u00a0"x"\u00a0and title pr', and(is('userName', 'x'), pr('title'))],
    ['P-18', 'title eq "x"and locale pr', and(is('title', 'x'), pr('locale'))],
    ['P-18', '(title pr)or(locale pr)', or(pr('title'), pr('locale'))],
    ['P-18', 'emails [type eq "work"]', some('emails', work)],
    ['R-186', 'id eq "x" and manager eq "y"', and(is('id', 'x'), is('enterprise.manager.value', 'y'))],
    ['R-307', 'department eq "x"', is('enterprise.department', 'x')],
    ['R-307', 'manager.value eq "x"', is('enterprise.manager.value', 'x')],
    ['R-307', 'superuser eq true', is('muster.superuser', true)],
    ['5.22', `${enterprise}:employeeNumber eq 00123`, is('enterprise.employeeNumber', '00123')],
    ['5.22', `${enterprise}:employeeNumber eq 9007199254740993`, is('enterprise.employeeNumber', '9007199254740993')],
    ['5.22', 'title eq true', is('title', 'true')],
    ['5.22', 'failedLoginAttempts eq "5"', is('muster.failedLoginAttempts', 5)],
    ['5.22', 'coordinates.latitude lt "52.5"', is('coordinates.latitude', 52.5, 'lt'), coordinates],
    ['R-181', 'meta.resourceType eq User', is('meta.resourceType', 'User')],
  ])('%s %s', (_id, text, expected, type) => {
    expect(lenient(text, type)).toEqual(expected);
    expect(faultOf(() => strict(text, type)).kind).toBe('invalid_filter');
  });
});

test('a filter that was written is read again as the same filter', () => {
  for (const type of resourceTypes) {
    const table = allAttributes(type);
    fc.assert(
      fc.property(anyFilter(table), fc.boolean(), (filter, isLenient) => {
        const text = writeFilter(type, filter);
        fc.pre(text.length <= scimLimits.filterLength);
        expect(readFilter(text, type, { lenient: isLenient })).toEqual(checkFilter(table, filter));
      }),
      { numRuns: 150 },
    );
  }
});
