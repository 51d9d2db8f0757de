import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allAttributes, groupType, type ResourceType, resourceTypes, userType } from '#attributes/resource-type.ts';
import type { Work } from '#dialects/scim/lex.ts';
import { readFilter } from '#dialects/scim/read-filter.ts';
import { resolveName } from '#dialects/scim/resolve-name.ts';
import { checkFilter } from '#domain/check-filter.ts';
import { Fault } from '#domain/fault.ts';
import type { Comparison, Filter, FilterValue } from '#domain/filter.ts';
import { filterLimits } from '#domain/filter-limits.ts';
import { anyFilter } from '../../domain/any-filter.ts';
import { writeFilter } from './write-filter.ts';

const core = 'urn:ietf:params:scim:schemas:core:2.0:User';
const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const muster = 'urn:ietf:params:scim:schemas:extension:muster:2.0:User';

const is = (path: string, value: FilterValue, op: Comparison = 'eq'): Filter => ({ op, path, value });
const pr = (path: string): Filter => ({ op: 'pr', path });
const some = (path: string, filter: Filter): Filter => ({ op: 'some', path, filter });
const not = (filter: Filter): Filter => ({ op: 'not', filter });
const and = (...filters: Filter[]): Filter => ({ op: 'and', filters });
const or = (...filters: Filter[]): Filter => ({ op: 'or', filters });
const work = is('type', 'work');

const strict = (text: string, type: ResourceType = userType): Filter => readFilter(text, type, { lenient: false });
const lenient = (text: string, type: ResourceType = userType): Filter => readFilter(text, type, { lenient: true });

function faultOf(run: () => unknown): Fault {
  try {
    run();
  } catch (fault) {
    if (fault instanceof Fault) return fault;
    throw fault;
  }
  throw new Error('it was accepted');
}

const columnOf = (fault: Fault): number => Number(/at column (\d+):/.exec(fault.message)?.[1]);

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

test('a filter that was written is read again as the same filter', () => {
  for (const type of resourceTypes) {
    const table = allAttributes(type);
    fc.assert(
      fc.property(anyFilter(table), fc.boolean(), (filter, isLenient) => {
        const text = writeFilter(type, filter);
        fc.pre(text.length <= filterLimits.filterLengthMax.value);
        expect(readFilter(text, type, { lenient: isLenient })).toEqual(checkFilter(table, filter));
      }),
      { numRuns: 150 },
    );
  }
});

describe('the limits', () => {
  const { filterLengthMax, filterDepthMax, filterTermsMax } = filterLimits;
  const terms = (count: number): string => Array(count).fill('title pr').join(' or ');
  const nested = (depth: number): string => `${'('.repeat(depth)}title pr${')'.repeat(depth)}`;
  const long = (length: number): string => `title eq "${'x'.repeat(length - 11)}"`;

  test('are reached', () => {
    expect(strict(terms(filterTermsMax.value))).toMatchObject({ op: 'or' });
    expect(strict(nested(filterDepthMax.value))).toEqual(pr('title'));
    expect(strict(long(filterLengthMax.value))).toMatchObject({ op: 'eq' });
  });

  test.each([
    ['terms', terms(filterTermsMax.value + 1), 12 * filterTermsMax.value + 1],
    ['levels', nested(filterDepthMax.value + 1), filterDepthMax.value + 1],
    ['levels of not', `${'not ('.repeat(500)}title pr`, 5 * filterDepthMax.value + 5],
    ['characters', long(filterLengthMax.value + 1), filterLengthMax.value + 1],
  ])('are not passed by one: %s (R-182)', (_what, text, column) => {
    const fault = faultOf(() => lenient(text));
    expect([fault.kind, columnOf(fault)]).toEqual(['invalid_filter', column]);
  });

  test.each([
    ['letters', 'a'.repeat(100_000)],
    ['parentheses', '('.repeat(100_000)],
    ['brackets', 'emails['.repeat(20_000)],
    ['alternatives', terms(10_000)],
    ['newlines in a string', `title eq "${'\n'.repeat(100_000)}`],
    ['digits', `title eq ${'9'.repeat(100_000)}`],
  ])('refuse 100,000 characters of %s before reading them (S-08)', (_what, text) => {
    const work: Work = { steps: 0 };
    expect(faultOf(() => readFilter(text, userType, { lenient: true, work })).kind).toBe('invalid_filter');
    expect(work.steps).toBe(0);
  });

  test.each([
    ['newlines in a string (P-1)', `title eq "${'\n'.repeat(8000)}`],
    ['escapes in a string', `title eq "${'\\\\'.repeat(4000)}`],
    ['spaces', `title${' '.repeat(8000)}`],
    ['colons', `urn:${':'.repeat(8000)}`],
    ['dots', `a${'.a'.repeat(4000)}.`],
    ['digits', `active eq ${'9'.repeat(8000)}`],
    ['not (P-14)', 'not '.repeat(2000)],
    ['brackets (P-14)', '].a['.repeat(2000)],
  ])('leave little work for %s', (_what, text) => {
    for (const isLenient of [false, true]) {
      const work: Work = { steps: 0 };
      expect(faultOf(() => readFilter(text, userType, { lenient: isLenient, work })).kind).toBe('invalid_filter');
      expect(work.steps).toBeLessThan(20);
    }
  });
});

describe('any soup', () => {
  const token = fc.constantFrom(
    ...['title', 'emails', 'type', 'password', `${enterprise}:manager`, 'constructor', '__proto__', 'toString', '$ref'],
    ...['eq', 'ne', 'co', 'gt', 'pr', 'and', 'or', 'not', '(', ')', '[', ']', '].', '.', ':', ' ', '\t', '\u00a0'],
    ...[
      '"x"',
      '"',
      "'x'",
      "'",
      '\\',
      '"\\u0000"',
      '"\\ud800"',
      '5',
      '-',
      '1e999',
      'true',
      'null',
      '😀',
      '\ud800',
      '\n',
      '\0',
    ],
  );
  const soup = fc.oneof(
    fc.array(token, { maxLength: 60 }).map((tokens) => tokens.join('')),
    fc.array(token, { maxLength: 60 }).map((tokens) => tokens.join(' ')),
    fc.string(),
  );

  test('is read or refused with a fault, in work that grows with its length alone', () => {
    fc.assert(
      fc.property(soup, fc.boolean(), (text, isLenient) => {
        const work: Work = { steps: 0 };
        try {
          readFilter(text, userType, { lenient: isLenient, work });
        } catch (fault) {
          if (!(fault instanceof Fault)) throw fault;
          expect(fault.message.length).toBeLessThan(200);
        }
        expect(work.steps).toBeLessThan(6 * text.length + 12);
      }),
      { numRuns: 3000 },
    );
  });

  test('a refusal repeats nothing of it (P-15, V-9)', () => {
    for (const text of [
      '<script> eq 1',
      'title eq <script>"',
      'title <script>',
      '<script>[',
      'title eq "x" <script>',
    ]) {
      for (const read of [strict, lenient]) expect(faultOf(() => read(text)).message).not.toContain('script');
    }
  });
});

describe('a name', () => {
  const inherited = [Object.prototype, Array.prototype, Function.prototype].flatMap((prototype) =>
    Object.getOwnPropertyNames(prototype),
  );
  const names = [...new Set(inherited)].filter((name) => name !== 'name'); // which functions and users both have

  test.each(names)('%s of a prototype is unknown (V-0c)', (name) => {
    for (const path of [
      name,
      `${name}.value`,
      `emails.${name}`,
      `${core}:${name}`,
      `${enterprise}:${name}`,
      `urn:${name}`,
    ]) {
      expect(resolveName(userType, path, { lenient: true })).toBeUndefined();
      expect(faultOf(() => lenient(`${path} eq "x"`)).kind).toBe('invalid_filter');
    }
    expect(faultOf(() => lenient(`emails[${name} eq "x"]`)).kind).toBe('invalid_filter');
  });

  test.each([
    ['userName', 'userName'],
    ['USERNAME', 'userName'],
    ['emails.Value', 'emails.value'],
    ['groups.$REF', 'groups.$ref'],
    [`${core}:userName`, 'userName'],
    [`${core}.userName`, 'userName'],
    [core, ''],
    [enterprise, 'enterprise'],
    [enterprise.toUpperCase(), 'enterprise'],
    [`${enterprise}:manager`, 'enterprise.manager'],
    [`${enterprise}.manager.displayName`, 'enterprise.manager.displayName'],
    [`${muster}:attributes.name`, 'muster.attributes.name'],
    ['meta.lastmodified', 'meta.lastModified'],
    ['externalid', 'externalId'],
  ])('%s means the path %j in both modes (R-088, R-223)', (name, path) => {
    expect(resolveName(userType, name, { lenient: false })).toBe(path);
    expect(resolveName(userType, name, { lenient: true })).toBe(path);
  });

  test.each([
    ['manager', 'enterprise.manager'],
    ['Department', 'enterprise.department'],
    ['manager.value', 'enterprise.manager.value'],
    ['shops', 'muster.shops'],
    ['title', 'title'],
  ])('%s without a URN means %s when lenient (R-226)', (name, path) => {
    expect(resolveName(userType, name, { lenient: true })).toBe(path);
  });

  test.each([
    '',
    ' userName',
    'nic\u212aname',
    'enterprise',
    'enterprise.department',
    'muster.shops',
    `${core}:`,
    'emails.',
  ])('%j is unknown', (name) => {
    expect(resolveName(userType, name, { lenient: true })).toBeUndefined();
  });
});
