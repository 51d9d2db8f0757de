import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normalisePath } from '#http/normalise-path.ts';

describe('one path for every form', () => {
  test.each([
    '/scim/v2/Users',
    '/scim/v2/Users/',
    '/scim/v2/Users//',
    '//scim//v2/Users',
    '/scim/v2/Users?',
    '/scim/v2/Users/?',
    '/scim/v2/Users?filter=a/b//c',
    '/scim/v2/Users?&',
    '/scim/v2/Users/?filter=x&',
    '/scim/v2/Users#x',
    '/scim/v2/%55sers',
    '/%73cim/v2/Users',
    '/scim/v2/%55%73%65%72%73/?x',
    'http://evil/scim/v2/Users',
    'http://evil/scim/v2/Users/?x=//',
  ])('%s', (target) => {
    expect(normalisePath(target)).toBe('/scim/v2/Users');
  });

  test.each([
    ['/', '/'],
    ['//', '/'],
    ['', '/'],
    ['*', '/'],
    ['?x', '/'],
    ['http://evil', '/'],
    ['http://evil?x=/scim', '/'],
    ['/Users/.search', '/Users/.search'],
    ['/Schemas/urn:ietf:x:2.0:User', '/Schemas/urn:ietf:x:2.0:User'],
  ])('%s is %s', (target, path) => {
    expect(normalisePath(target)).toBe(path);
  });

  test('slashes stay where they count', () => {
    expect(normalisePath('/api//user/', { slashes: 'keep' })).toBe('/api//user/');
    expect(normalisePath('/api/%75ser/', { slashes: 'keep' })).toBe('/api/user/');
  });
});

describe('an escaped segment never becomes another route', () => {
  test.each([
    ['/Users/%2e%2e/Groups', '/Users/%2E%2E/Groups'],
    ['/Users/../Groups', '/Users/%2E%2E/Groups'],
    ['/Users/./x', '/Users/%2E/x'],
    ['/Users/%2E', '/Users/%2E'],
    ['/Users/.%2e/x', '/Users/%2E%2E/x'],
    ['/Users%2fGroups', '/Users%2FGroups'],
    ['/Users/..%2fGroups', '/Users/..%2FGroups'],
    ['/Users/%00', '/Users/%00'],
    ['/Users/%5c..', '/Users/%5C..'],
    ['/Users/%252e%252e', '/Users/%252e%252e'],
    ['/Users/%252F', '/Users/%252F'],
    ['/Users/%3Fx', '/Users/%3Fx'],
    ['/Users/%zz', '/Users/%zz'],
    ['/Users/%ff', '/Users/%ff'],
    ['/Users;x=1', '/Users;x=1'],
  ])('%s is %s', (target, path) => {
    expect(normalisePath(target)).toBe(path);
  });

  test('whatever a segment holds, it stays one segment, is no dot segment, and decodes once to what was meant', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 8 }), (value) => {
        const path = normalisePath(`/Users/${encodeURIComponent(value)}`);
        const segments = path.split('/');
        expect(segments).toHaveLength(3);
        expect(['.', '..']).not.toContain(segments[2]);
        expect(decodeURIComponent(segments[2] ?? '')).toBe(value);
      }),
    );
  });

  test('a normalised path stays as it is', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\/[/.%a-f0-9?#]{0,12}$/), (target) => {
        const path = normalisePath(target);
        expect(normalisePath(path)).toBe(path);
      }),
    );
  });
});
