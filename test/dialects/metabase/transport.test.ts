import { Hono, type MiddlewareHandler } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sayMoment } from '#dialects/metabase/headers.ts';
import { defaultLimits } from '#http/limits.ts';
import { type Metabase, startMetabase } from './cast.ts';

let metabase: Metabase;

beforeAll(async () => {
  metabase = await startMetabase();
});
afterAll(() => metabase.stop());

describe('the transport', () => {
  test('a path without a route is 404 as text, whoever asks', async () => {
    const answer = await metabase.with().get('/api/user/abc');
    expect([answer.status, answer.body]).toEqual([404, 'API endpoint does not exist.']);
    expect(answer.headers.get('content-type')).toBe('text/plain');
    expect((await metabase.as('crowberto').get('/api/user/-1')).status).toBe(404);
  });

  test('OPTIONS is 200 and empty', async () => {
    const answer = await fetch(`${metabase.muster.server.url}/api/user`, { method: 'OPTIONS' });
    expect([answer.status, await answer.text()]).toEqual([200, '']);
  });

  test('every answer has the headers of Metabase, those of errors too', async () => {
    const { headers } = await metabase.with().get('/api/nothing');
    expect(Object.fromEntries(headers)).toMatchObject({
      'cache-control': 'max-age=0, no-cache, must-revalidate, proxy-revalidate',
      expires: 'Tue, 03 Jul 2001 06:00:00 GMT',
      'strict-transport-security': 'max-age=31536000',
      'x-frame-options': 'DENY',
      'x-xss-protection': '1; mode=block',
      'x-permitted-cross-domain-policies': 'none',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.any(String),
    });
    expect(Math.abs(Date.parse(headers.get('last-modified') ?? '') - Date.now())).toBeLessThan(60_000);
  });

  const { jsonDepth, jsonKeys, jsonStringLength } = defaultLimits;
  const members = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, nth) => [`key${nth}`, nth]));
  test.each([
    ['a string', (more: number) => ({ last_name: 'x'.repeat(jsonStringLength + more) })],
    ['an object', (more: number) => members(jsonKeys + more)],
    [
      'the nesting',
      (more: number) => JSON.parse(`${'{"x":'.repeat(jsonDepth + more)}1${'}'.repeat(jsonDepth + more)}`),
    ],
  ])('a body in which %s is over a limit is said to be too large, and not to be no JSON', async (_, make) => {
    const post = async (more: number) => {
      const { status, body } = await metabase.as('crowberto').post('/api/user', make(more));
      return [status, body];
    };
    expect(await post(1)).toEqual([413, 'The request is too large.']);
    // One less is read, and has no e-mail.
    expect(await post(0)).toEqual([400, expect.objectContaining({ errors: { email: expect.any(String) } })]);
  });

  test('an address that is escaped badly is refused with them too', async () => {
    const answer = await metabase.with().get('/api/user/%ff');
    expect([answer.status, answer.body]).toEqual([400, 'Invalid Request.']);
    expect(answer.headers.get('last-modified')).not.toBeNull();
    expect(answer.headers.get('x-frame-options')).toBe('DENY');
  });

  test('a browser without a name for itself gets one for twenty years', async () => {
    const { headers } = await metabase.with().get('/api/nothing');
    const [cookie = ''] = headers.getSetCookie();
    expect(cookie).toMatch(/^metabase\.DEVICE=[0-9a-f-]{36}; HttpOnly; Path=\/; Expires=.+ GMT; SameSite=Lax$/);
    const years = (Date.parse(/Expires=([^;]+)/.exec(cookie)?.[1] ?? '') - Date.now()) / 31_557_600_000;
    expect(years).toBeCloseTo(20, 2);
    const known = await metabase.with({ Cookie: 'metabase.DEVICE=x' }).get('/api/nothing');
    expect(known.headers.getSetCookie()).toEqual([]);
  });

  test('over https the name goes with embedded pages too, and over nothing else', async () => {
    const app = new Hono().use(sayMoment('https://roll.example.org') as MiddlewareHandler);
    const cookies = (await app.request('/')).headers.getSetCookie();
    expect(cookies).toEqual([expect.stringMatching(/; SameSite=None; Secure$/)]);
  });
});
