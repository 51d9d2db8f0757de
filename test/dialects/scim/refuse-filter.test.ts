import { describe, expect, test } from 'vitest';
import { userType } from '#attributes/resource-type.ts';
import { readFilter } from '#dialects/scim/read-filter.ts';
import type { Filter } from '#domain/filter.ts';
import { columnOf, faultOf } from '../../domain/fault-of.ts';
import { core, enterprise, muster } from './urns.ts';

const strict = (text: string): Filter => readFilter(text, userType, { lenient: false });
const lenient = (text: string): Filter => readFilter(text, userType, { lenient: true });

describe('both modes refuse', () => {
  test.each<[string, string, number]>([
    ['R-172', 'userName regex "x"', 10],
    ['R-172', '(((', 4],
    ['R-172', '', 1],
    ['R-172', 'userName', 9],
    ['R-172', 'userName eq', 12],
    ['R-172', 'userName eq and title pr', 13],
    ['R-172', 'title pr title pr', 10],
    ['R-172', 'title pr)', 9],
    ['R-172', '(title pr', 10],
    ['R-172', 'title pr and', 13],
    ['R-172', 'and title pr', 5],
    ['R-172', 'title pr and or locale pr', 17],
    ['R-172', '[type eq "work"]', 1],
    ['R-172', 'title eq "x', 12],
    ['R-172', 'title eq "\\x"', 11],
    ['R-172', '"x" eq title', 1],
    ['R-173', 'nope eq "x"', 1],
    ['R-173', 'title pr and name.nope pr', 14],
    ['R-173', 'emails[nope eq "x"]', 8],
    ['R-173', 'emails[type pr].nope pr', 17],
    ['R-173', `${enterprise}:userName pr`, 1],
    ['R-173', 'urn:nope:userName pr', 1],
    ['R-173', `${core} pr`, 1],
    ['R-173', 'enterprise.department pr', 1],
    ['P-6', 'emails[$ref pr]', 8],
    ['P-8', 'title pr constructor locale pr', 10],
    ['P-8', 'title pr __proto__ locale pr', 10],
    ['P-9', 'not title pr', 5],
    ['P-9', 'not not title pr', 5],
    ['P-10', 'emails[type eq "x"].', 21],
    ['P-10', 'emails[type eq "x"].value', 26],
    ['P-11', 'emails[emails[type pr]]', 14],
    ['P-11', 'emails[type pr].value[type pr]', 22],
    ['P-12', 'name..givenName pr', 5],
    ['P-12', 'name. pr', 5],
    ['P-12', 'title: pr', 6],
    ['P-12', '1title pr', 1],
    ['P-12', '_title pr', 1],
    ['P-12', 'title/x pr', 6],
    ['P-12', 'title%x pr', 6],
    ['P-13', `${muster}:failedLoginAttempts eq 9007199254740993`, muster.length + 25],
    ['P-13', `${muster}:failedLoginAttempts eq 1e999`, muster.length + 25],
    ['R-072', `${muster}:failedLoginAttempts eq 1.5`, muster.length + 25],
    ['R-074', 'meta.created gt "yesterday"', 17],
    ['R-074', 'meta.created gt 5', 17],
    ['R-160', 'active eq "maybe"', 11],
    ['R-160', 'active eq 1', 11],
    ['S-08', 'title eq "\\u0000"', 10],
    ['S-08', 'title eq "\\ud800"', 10],
    ['S-08', 'title eq "a\u0000"', 12],
    ['S-08', 'title eq "a\n"', 12],
    ['S-08', 'title\npr', 6],
    ['column', 'title eq "😀" nope', 14],
  ])('%s %j at column %i', (_id, text, column) => {
    for (const read of [strict, lenient]) {
      const fault = faultOf(() => read(text));
      expect([fault.kind, columnOf(fault)]).toEqual(['invalid_filter', column]);
    }
  });

  test.each([
    ['R-171', 'active gt true'],
    ['R-171', 'active le false'],
    ['R-171', 'x509Certificates ge "QQ=="'],
    ['R-171', 'emails[primary lt true]'],
    ['R-171', 'active co true'],
    ['R-171', 'x509Certificates sw "QQ=="'],
    ['R-171', 'meta.created co "2026-01-31T09:00:00Z"'],
    ['stored', 'meta.location pr'],
    ['stored', 'groups.display eq "x"'],
    ['P-6', 'groups.$ref pr'],
    ['P-6', 'groups[$ref eq "x"]'],
    ['parts', 'name eq "x"'],
    ['parts', 'name[givenName eq "x"]'],
    ['parts', `${enterprise} eq "x"`],
    ['null', 'title gt null'],
  ])('%s %s, by the attribute', (_id, text) => {
    for (const read of [strict, lenient]) expect(faultOf(() => read(text)).kind).toBe('invalid_filter');
  });

  test.each([
    'password eq "x"',
    'password sw "a"',
    'password pr',
    `${core}:PASSWORD pr`,
    'title pr or password eq "x"',
  ])('R-184 %s as sensitive', (text) => {
    for (const read of [strict, lenient]) expect(faultOf(() => read(text)).kind).toBe('sensitive');
  });
});

describe('strict refuses at the right column', () => {
  test.each([
    ['title eq bjensen', 10],
    ["title eq 'x'", 10],
    ['title eq True', 10],
    ['title eq 5', 10],
    ['title co 5', 10],
    ['active eq "true"', 11],
    ['title eq "x"and locale pr', 13],
    ['title pr and(locale pr)', 13],
    ['emails [type pr]', 8],
    ['title\tpr', 6],
    ['department pr', 1],
    [`${muster}:failedLoginAttempts eq 5x`, muster.length + 25],
  ])('%s at %i', (text, column) => {
    expect(columnOf(faultOf(() => strict(text)))).toBe(column);
  });
});
