import fc from 'fast-check';
import { Hono } from 'hono';
import { describe, expect, test } from 'vitest';
import { normalisePath, pathReader } from '#http/normalise-path.ts';
import { sendRaw } from './raw-socket.ts';
import { serve } from './serve.ts';

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

describe('routing', () => {
  const app = new Hono({ getPath: pathReader(['/scim/v2']) });
  app.get('/scim/v2/Users/:id', (context) => context.text(`user <${context.req.param('id')}>`));
  app.get('/scim/v2/Users', (context) => context.text('users'));
  app.get('/api/user/', (context) => context.text('slash'));
  app.get('/metrics', (context) => context.text('metrics'));
  app.notFound((context) => context.text('nothing', 404));

  test.each([
    ['/scim/v2/Users/?filter=x', 'users'],
    ['//scim/v2//Users', 'users'],
    ['/scim/v2/Users/1/', 'user <1>'],
    ['/scim/v2/Users/a%20b', 'user <a b>'],
    ['/scim/v2/Users/%2520', 'user <%20>'],
    ['/scim/v2/Users/%2e%2e', 'user <..>'],
    ['/scim/v2/Users/..%2f..%2fmetrics', 'user <../../metrics>'],
    ['/scim/v2/%2e%2e/%2e%2e/metrics', 'nothing'],
    ['/scim/v2/../../metrics', 'nothing'],
    ['/metrics', 'metrics'],
    ['/metrics/', 'nothing'],
    ['//metrics', 'nothing'],
    ['/api/user/', 'slash'],
    ['/api/user', 'nothing'],
    ['/scim/v22/', 'nothing'],
    ['http://evil/scim/v2/Users', 'users'],
  ])('GET %s answers %s', async (target, text) => {
    const { port } = await serve(app);
    const answer = await sendRaw(port, `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect(answer.split('\r\n\r\n')[1]).toBe(text);
  });
});
