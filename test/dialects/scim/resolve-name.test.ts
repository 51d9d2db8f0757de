import { describe, expect, test } from 'vitest';
import { userType } from '#attributes/resource-type.ts';
import { readFilter } from '#dialects/scim/read-filter.ts';
import { resolveName } from '#dialects/scim/resolve-name.ts';
import { faultOf } from '../../domain/fault-of.ts';
import { core, enterprise, muster } from './urns.ts';

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
      expect(faultOf(() => readFilter(`${path} eq "x"`, userType, { lenient: true })).kind).toBe('invalid_filter');
    }
    expect(faultOf(() => readFilter(`emails[${name} eq "x"]`, userType, { lenient: true })).kind).toBe(
      'invalid_filter',
    );
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
