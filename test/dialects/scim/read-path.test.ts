import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { groupType, type ResourceType, userType } from '#attributes/resource-type.ts';
import type { Work } from '#dialects/scim/lex.ts';
import { scimLimits } from '#dialects/scim/limits.ts';
import { type ReadPath, readPath } from '#dialects/scim/read-path.ts';
import { Fault } from '#domain/fault.ts';
import type { Filter } from '#domain/filter.ts';
import { columnOf, faultOf } from '../../domain/fault-of.ts';
import { core, enterprise, muster } from './urns.ts';

const work: Filter = { op: 'eq', path: 'type', value: 'work' };
const primary: Filter = { op: 'eq', path: 'primary', value: true };
const valueIs = (value: string): Filter => ({ op: 'eq', path: 'value', value });

const read = (text: string, isLenient: boolean, type: ResourceType = userType): ReadPath | undefined =>
  readPath(text, type, { lenient: isLenient });

/** What became of a path that is not read. */
function outcomeOf(text: string, isLenient: boolean): string {
  try {
    return read(text, isLenient) === undefined ? 'unknown' : 'read';
  } catch (fault) {
    return fault instanceof Fault ? fault.kind : 'broken';
  }
}

describe('a path', () => {
  test.each<[string, string, ReadPath, ResourceType?]>([
    ['R-293', 'displayName', { path: 'displayName' }],
    ['R-293', 'DISPLAYNAME', { path: 'displayName' }],
    ['R-294', 'name', { path: 'name' }],
    ['R-295', 'name.givenName', { path: 'name.givenName' }],
    ['R-296', 'emails', { path: 'emails' }],
    ['R-296', 'emails.value', { path: 'emails.value' }],
    ['R-297', 'emails[type eq "work"]', { path: 'emails', where: work }],
    ['R-298', 'emails[type eq "work"].value', { path: 'emails.value', where: work }],
    ['R-298', 'EMAILS[TYPE EQ "work"].VALUE', { path: 'emails.value', where: work }],
    [
      'R-299',
      'emails[type eq "work" and primary eq true].value',
      { path: 'emails.value', where: { op: 'and', filters: [work, primary] } },
    ],
    [
      'R-299',
      'emails[type eq "work" or primary eq true]',
      { path: 'emails', where: { op: 'or', filters: [work, primary] } },
    ],
    ['R-299', 'emails[not (type eq "work")]', { path: 'emails', where: { op: 'not', filter: work } }],
    ['R-299', 'emails[type ne "work"]', { path: 'emails', where: { op: 'not', filter: work } }],
    ['R-299', 'emails[value sw "a"]', { path: 'emails', where: { op: 'sw', path: 'value', value: 'a' } }],
    ['R-299', 'emails[(value co "a")]', { path: 'emails', where: { op: 'co', path: 'value', value: 'a' } }],
    ['R-303', `${core}:userName`, { path: 'userName' }],
    ['R-303', `${core.toUpperCase()}:USERNAME`, { path: 'userName' }],
    ['R-303', `${enterprise}:department`, { path: 'enterprise.department' }],
    ['R-303', `${enterprise}:manager`, { path: 'enterprise.manager' }],
    ['R-303', `${enterprise}:manager.value`, { path: 'enterprise.manager.value' }],
    ['R-304', `${enterprise}.manager`, { path: 'enterprise.manager' }],
    ['R-305', enterprise, { path: 'enterprise' }],
    ['R-305', enterprise.toLowerCase(), { path: 'enterprise' }],
    ['R-305', core, { path: '' }],
    [
      'R-306',
      `${muster}:attributes[name eq "x"].value`,
      { path: 'muster.attributes.value', where: { op: 'eq', path: 'name', value: 'x' } },
    ],
    ['R-306', `${muster}:dismissedHints[value eq "x"]`, { path: 'muster.dismissedHints', where: valueIs('x') }],
    [
      'R-306',
      `${muster}:extensionGroups[value gt 5]`,
      { path: 'muster.extensionGroups', where: { op: 'gt', path: 'value', value: 5 } },
    ],
    ['R-308', 'members[value eq "id"]', { path: 'members', where: valueIs('id') }, groupType],
    ['R-308', 'members[value eq"id"]', { path: 'members', where: valueIs('id') }, groupType],
    ['R-309', 'members[value eq "id"].display', { path: 'members.display', where: valueIs('id') }, groupType],
    ['R-310', 'members', { path: 'members' }, groupType],
    ['R-310', 'members.value', { path: 'members.value' }, groupType],
    ['R-314', 'schemas', { path: 'schemas' }],
    ['R-314', `schemas[value eq "${enterprise}"]`, { path: 'schemas', where: valueIs(enterprise) }],
    ['R-318', 'id', { path: 'id' }],
    ['R-318', 'meta', { path: 'meta' }],
    ['R-318', 'meta.location', { path: 'meta.location' }],
    ['R-318', 'groups', { path: 'groups' }],
    ['R-104', 'password', { path: 'password' }],
    ['externalId', 'externalId', { path: 'externalId' }],
  ])('%s %s is read in both modes', (_id, text, expected, type) => {
    expect(read(text, false, type)).toEqual(expected);
    expect(read(text, true, type)).toEqual(expected);
  });

  test.each<[string, string, ReadPath]>([
    ['R-307', 'manager', { path: 'enterprise.manager' }],
    ['R-307', 'department', { path: 'enterprise.department' }],
    ['R-307', 'manager.value', { path: 'enterprise.manager.value' }],
    ['R-307', 'attributes[name eq "x"]', { path: 'muster.attributes', where: { op: 'eq', path: 'name', value: 'x' } }],
    ['R-177', 'emails[type eq work].value', { path: 'emails.value', where: work }],
    ['R-177', "emails[type eq 'work']", { path: 'emails', where: work }],
    ['R-178', 'roles[primary eq "True"]', { path: 'roles', where: primary }],
    ['R-179', ' emails [ type eq "work" ] ', { path: 'emails', where: work }],
  ])('%s %s is read when lenient alone', (_id, text, expected) => {
    expect(read(text, true)).toEqual(expected);
    expect(['unknown', 'invalid_path', 'invalid_filter']).toContain(outcomeOf(text, false));
  });

  test.each([
    ['R-317', 'nope'],
    ['R-317', 'name.nope'],
    ['R-317', 'name.givenName.value'],
    ['R-317', 'emails.nope'],
    ['R-317', 'nope[type eq "work"]'],
    ['R-317', 'nope[type eq "work"].value'],
    ['R-317', 'emails[type eq "work"].nope'],
    ['R-317', `${muster}:dismissedHints[value eq "x"].value`],
    ['R-317', 'urn:nope:2.0:User:userName'],
    ['R-317', 'enterprise.department'],
    ['R-324', 'constructor'],
    ['R-324', 'constructor.prototype'],
    ['R-324', 'prototype.x'],
    ['R-324', 'toString.x'],
    ['R-324', 'emails[type eq "work"].constructor'],
    ['R-324', `${enterprise}:hasOwnProperty`],
  ])('%s %s is well written and unknown', (_id, text) => {
    for (const isLenient of [false, true]) expect(read(text, isLenient)).toBeUndefined();
  });
});

describe('a refusal', () => {
  test.each<[string, string, number]>([
    ['R-315', '', 1],
    ['R-315', 'emails[type eq', 15],
    ['R-315', 'emails[type eq "work"', 22],
    ['R-315', 'emails[', 8],
    ['R-315', 'emails[]', 8],
    ['R-315', 'emails[0]', 8],
    ['R-315', '..', 1],
    ['R-315', 'name..givenName', 5],
    ['R-315', 'name.', 5],
    ['R-315', '1abc', 1],
    ['R-315', 'emails[type pr]x', 16],
    ['R-315', 'emails[type pr].', 17],
    ['R-315', 'emails[type pr].value.x', 22],
    ['R-315', 'emails[type pr].value[type pr]', 22],
    ['R-315', 'emails[type pr] pr', 16],
    ['R-315', 'title pr', 6],
    ['R-315', 'nope]', 5],
    ['R-315', 'name[givenName pr]', 1],
    ['R-315', 'emails.value[type pr]', 1],
    ['R-315', `${enterprise}[department pr]`, 1],
    ['R-315', `${core}[userName pr]`, 1],
    ['R-324', '__proto__', 1],
    ['R-324', '__proto__.x', 1],
    ['R-324', 'emails[__proto__ pr]', 8],
    ['R-324', 'emails.__proto__', 7],
    ['S-08', 'title\u0000', 6],
  ])('of %s %j is invalid_path at column %i', (_id, text, column) => {
    const fault = faultOf(() => read(text, false));
    expect([fault.kind, columnOf(fault)]).toEqual(['invalid_path', column]);
    expect(faultOf(() => read(text, true)).kind).toBe('invalid_path');
  });

  test.each<[string, string, number]>([
    ['R-316', 'emails[type regex "x"]', 13],
    ['R-316', 'emails[nope eq "x"]', 8],
    ['R-316', 'emails[primary eq 5]', 19],
    ['R-316', 'emails[type pr and]', 19],
    ['R-316', 'emails[(type pr]', 16],
    ['R-316', 'emails[emails[type pr]]', 14],
    ['R-316', 'emails[type eq "wo\\x"]', 19],
    ['R-324', 'emails[constructor pr]', 8],
    ['R-182', `emails[${'('.repeat(40)}`, 7 + scimLimits.filterDepth],
  ])('of %s %s is invalid_filter at column %i', (_id, text, column) => {
    for (const isLenient of [false, true]) {
      const fault = faultOf(() => read(text, isLenient));
      expect([fault.kind, columnOf(fault)]).toEqual(['invalid_filter', column]);
    }
  });

  test.each([
    ['emails[primary gt true]', userType],
    ['members[display eq "x"]', groupType],
    ['members[$ref pr]', groupType],
  ] as const)('of what %s compares is invalid_filter', (text, type) => {
    for (const isLenient of [false, true]) {
      expect(faultOf(() => read(text, isLenient, type)).kind).toBe('invalid_filter');
    }
  });

  test('of a path that is too long comes before it is read', () => {
    const counted: Work = { steps: 0 };
    const text = 'a'.repeat(scimLimits.filterLength + 1);
    const fault = faultOf(() => readPath(text, userType, { lenient: true, work: counted }));
    expect([fault.kind, counted.steps]).toEqual(['invalid_path', 0]);
  });

  test('repeats nothing of the path', () => {
    for (const text of ['<script>', 'emails[<script>', 'emails[type eq <script>"]', 'title<script>']) {
      expect(faultOf(() => read(text, true)).message).not.toContain('script');
    }
  });
});

test('any soup is read, unknown or refused, in work that grows with its length alone', () => {
  const token = fc.constantFrom(
    ...[
      'title',
      'emails',
      'emails[',
      'type',
      'members',
      `${enterprise}:manager`,
      enterprise,
      'constructor',
      '__proto__',
    ],
    ...['eq', 'pr', 'and', 'or', 'not', '(', ')', '[', ']', '].', '.', ':', ' ', '\t', '"x"', '"', "'", '\\', '5'],
    ...['true', 'null', '😀', '\ud800', '\n', '\0'],
  );
  const soup = fc.oneof(
    fc.array(token, { maxLength: 40 }).map((tokens) => tokens.join('')),
    fc.array(token, { maxLength: 40 }).map((tokens) => `emails[${tokens.join(' ')}].value`),
    fc.string(),
  );
  fc.assert(
    fc.property(soup, fc.boolean(), (text, isLenient) => {
      const counted: Work = { steps: 0 };
      try {
        readPath(text, userType, { lenient: isLenient, work: counted });
      } catch (fault) {
        if (!(fault instanceof Fault)) throw fault;
        expect(['invalid_path', 'invalid_filter']).toContain(fault.kind);
      }
      expect(counted.steps).toBeLessThan(6 * text.length + 12);
    }),
    { numRuns: 3000 },
  );
});
