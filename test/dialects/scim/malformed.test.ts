import { afterAll, beforeAll, expect, test } from 'vitest';
import { sendRaw } from '#test/http/raw-socket.ts';
import { type Muster, startMuster } from '#test/support/muster.ts';

let muster: Muster;

beforeAll(async () => {
  muster = await startMuster();
});
afterAll(() => muster.stop());

const send = (head: string) => sendRaw(muster.server.port, `${head}\r\nHost: x\r\n\r\n`);

test('R-016, S-08: a filter of 100,000 characters in the URL is refused in SCIM’s words', async () => {
  const answer = await send(`GET /scim/v2/Users?filter=${'a'.repeat(100_000)} HTTP/1.1`);
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  expect(head).toMatch(/^HTTP\/1\.1 431 /);
  expect(head).toContain('Content-Type: application/scim+json');
  expect(JSON.parse(body)).toMatchObject({
    schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
    status: '431',
    detail: expect.stringContaining('too long'),
  });
});

test('H-14: what is no HTTP is refused in SCIM’s words below its path, in plain text elsewhere', async () => {
  const below = await send('GET /scim/v2/Users HTTP/9.9');
  expect(below).toMatch(/^HTTP\/1\.1 400 /);
  expect(JSON.parse(below.split('\r\n\r\n')[1] ?? '').status).toBe('400');
  expect(await send('GET /elsewhere HTTP/9.9')).toContain('Content-Type: text/plain');
});
