import { Hono } from 'hono';
import { describe, expect, test } from 'vitest';
import { checkRequest } from '#http/check-request.ts';
import { requestTarget } from '#http/normalise-path.ts';
import { sendRaw, statusOf } from './raw-socket.ts';
import { serve } from './serve.ts';

const problemOf = (target: string, headers: Record<string, string> = {}) =>
  checkRequest(new Headers(headers), target)?.problem;

test.each(['/Users', '/Users?filter=userName%20eq%20%22%D0%B6%22', '/Users/a%2Fb', '/Users?x=100%25', '/Users?a+b'])(
  '%s is well escaped',
  (target) => {
    expect(problemOf(target)).toBeUndefined();
  },
);

test.each([
  '/Users/%zz',
  '/Users/%ff',
  '/Users/%',
  '/Users/%4',
  '/Users?filter=%zz',
  '/Users?a=%c3&b=%a9',
  '/Users/%ed%a0%80',
  '/Users/%00',
  '/Users?filter=%00',
])('%s is refused', (target) => {
  expect(problemOf(target)).toBe('bad_escape');
});

test('one credential is accepted, two joined by a comma are not', () => {
  expect(problemOf('/', { Authorization: 'Bearer one' })).toBeUndefined();
  expect(problemOf('/', { Authorization: 'Bearer one, Bearer two' })).toBe('several_credentials');
});

test('the detail does not repeat the request', () => {
  const detail = checkRequest(new Headers(), '/hunter2?%zz')?.detail;
  expect(detail).toBeDefined();
  expect(detail).not.toContain('hunter2');
});

describe('over a socket', () => {
  const app = new Hono().all('*', (context) => {
    const problem = checkRequest(context.req.raw.headers, requestTarget(context.req.raw, context.env));
    return problem ? context.json(problem, 400) : context.text('well');
  });
  const get = (target: string, headers: readonly string[]) =>
    `GET ${target} HTTP/1.1\r\n${headers.join('\r\n')}\r\nConnection: close\r\n\r\n`;

  test.each([
    [
      'two Authorization headers (H-16)',
      '/',
      ['Host: x', 'Authorization: Bearer a', 'authorization: Bearer b'],
      'several_credentials',
    ],
    ['two Host headers (H-15)', '/', ['Host: x', 'Host: y'], 'several_hosts'],
    ['an invalid escape in the path (H-7)', '/Users/%ff', ['Host: x'], 'bad_escape'],
    ['an invalid escape in the query (H-7)', '/Users?a=%zz', ['Host: x'], 'bad_escape'],
    ['an escaped NUL (H-8)', '/Users/%00', ['Host: x'], 'bad_escape'],
  ])('%s', async (_name, target, headers, problem) => {
    const { port } = await serve(app);
    const answer = await sendRaw(port, get(target, headers));
    expect(statusOf(answer)).toBe(400);
    expect(answer).toContain(problem);
  });

  test('a plain request passes', async () => {
    const { port } = await serve(app);
    expect(await sendRaw(port, get('/Users?a=%20', ['Host: x', 'Authorization: Bearer a']))).toContain('well');
  });
});
