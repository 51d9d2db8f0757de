import { gzipSync } from 'node:zlib';
import { Hono } from 'hono';
import { describe, expect, test } from 'vitest';
import { defaultLimits } from '#http/limits.ts';
import { readJson } from '#http/read-json.ts';
import { openRaw, sendRaw, statusOf } from './raw-socket.ts';
import { serve } from './serve.ts';

const bodyBytes = 1_000;
const options = {
  ...defaultLimits,
  bodyBytes,
  mediaTypes: ['application/scim+json', 'application/json'],
} as const;

const bytes = (text: string) => new TextEncoder().encode(text);

/** A text goes as bytes, for which no Content-Type is made up. */
function post(
  content: string | Uint8Array<ArrayBuffer> | ReadableStream | null,
  headers: Record<string, string> = {},
): Request {
  const body = typeof content === 'string' ? bytes(content) : content;
  return new Request('http://localhost/', { method: 'POST', body, headers, duplex: 'half' } as RequestInit);
}

async function problemOf(request: Request): Promise<string> {
  const read = await readJson(request, options);
  return read.ok ? 'none' : read.problem;
}

describe('media types', () => {
  test.each([
    'application/scim+json',
    'application/json',
    'application/scim+json; charset=utf-8',
    'application/json;charset=UTF-8',
    'Application/SCIM+JSON; Charset="utf-8"',
    'application/json; charset=utf8',
    'application/json; profile=x; charset=utf-8',
  ])('%s is accepted', async (type) => {
    expect(await problemOf(post('{}', { 'Content-Type': type }))).toBe('none');
  });

  test('a body without Content-Type is read as JSON', async () => {
    expect(await problemOf(post(bytes('{}')))).toBe('none');
  });

  test.each([
    'text/xml',
    'application/x-www-form-urlencoded',
    'application/json; charset=utf-16',
    'application/json; charset=',
    'application/json; charset=utf-8; charset=latin1',
    'application/json, application/json',
    'application/jsonx',
    ';',
  ])('%s is refused, with the right type named', async (type) => {
    const read = await readJson(post('{}', { 'Content-Type': type }), options);
    expect(read).toMatchObject({ ok: false, problem: 'unsupported_media_type' });
    expect(read).toHaveProperty('detail', expect.stringContaining('application/scim+json; charset=utf-8'));
  });

  test('a compressed body is refused before it is read', async () => {
    const request = post(gzipSync('{}'), { 'Content-Encoding': 'gzip' });
    expect(await problemOf(request)).toBe('unsupported_media_type');
    expect(request.bodyUsed).toBe(false);
  });

  test('the coding identity is accepted', async () => {
    expect(await problemOf(post('{}', { 'Content-Encoding': 'Identity' }))).toBe('none');
  });
});

describe('text', () => {
  test('an object comes back as it was sent', async () => {
    const value = { userName: 'ада', n: [1, null, { a: true }] };
    expect(await readJson(post(JSON.stringify(value)), options)).toEqual({ ok: true, value });
  });

  test('a byte order mark is skipped', async () => {
    expect(await problemOf(post(bytes('\ufeff{}')))).toBe('none');
  });

  test.each([
    ['a stray byte', Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d)],
    ['an overlong slash', Uint8Array.of(0x22, 0xc0, 0xaf, 0x22)],
    ['a surrogate in UTF-8', Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22)],
  ])('%s is no UTF-8', async (_name, body) => {
    expect(await problemOf(post(body))).toBe('not_utf8');
  });

  test.each(['[]', '"a"', '1', 'null', 'true'])('%s is no object', async (text) => {
    expect(await problemOf(post(text))).toBe('not_an_object');
  });

  test('no body and an empty body are empty', async () => {
    expect(await problemOf(post(null))).toBe('empty');
    expect(await problemOf(post(''))).toBe('empty');
  });
});

describe('size', () => {
  const ofSize = (size: number) => `{"a":"${'x'.repeat(size - 8)}"}`;

  test('a body of exactly the limit is read, one byte more is not', async () => {
    expect(await problemOf(post(ofSize(bodyBytes)))).toBe('none');
    expect(await problemOf(post(ofSize(bodyBytes + 1)))).toBe('too_large');
  });

  test('a body that is larger than its Content-Length said is refused', async () => {
    expect(await problemOf(post(ofSize(bodyBytes + 1), { 'Content-Length': '10' }))).toBe('too_large');
  });

  test('an endless stream is read no further than the limit', async () => {
    let pulled = 0;
    const endless = new ReadableStream({
      pull(controller) {
        pulled += 1;
        controller.enqueue(new Uint8Array(100).fill(0x20));
      },
    });
    expect(await problemOf(post(endless))).toBe('too_large');
    expect(pulled).toBeLessThan(20);
  });
});

describe('over a socket', () => {
  const app = new Hono().post('/', async (context) => {
    const read = await readJson(context.req.raw, options);
    return read.ok ? context.json(read.value) : context.json(read, 413);
  });
  const head = 'POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n';

  test.each([
    ['a body of the limit and one byte', `Content-Length: ${bodyBytes + 1}\r\n\r\n${' '.repeat(bodyBytes + 1)}`],
    ['a body announced as 99,999,999,999 bytes', 'Content-Length: 99999999999\r\n\r\n{"a'],
    ['chunks that exceed the limit', `Transfer-Encoding: chunked\r\n\r\n3e9\r\n${' '.repeat(1001)}\r\n0\r\n\r\n`],
    ['chunks that never end', `Transfer-Encoding: chunked\r\n\r\n3e9\r\n${' '.repeat(1001)}\r\n`],
  ])('%s gets its answer (H-13)', async (_name, rest) => {
    const { port } = await serve(app);
    const answer = await sendRaw(port, head + rest);
    expect(statusOf(answer)).toBe(413);
    expect(answer).toContain('too_large');
  });

  test('a chunked body within the limit is read whole', async () => {
    const { port } = await serve(app);
    const chunks = ['{"a":', '"ж"}'].map((text) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`).join('');
    const body = Buffer.from(`${chunks}0\r\n\r\n`).toString('latin1');
    const answer = await sendRaw(port, `${head}Transfer-Encoding: chunked\r\n\r\n${body}`);
    expect(statusOf(answer)).toBe(200);
    expect(Buffer.from(answer, 'latin1').toString()).toContain('{"a":"ж"}');
  });

  test('a client that goes away in the middle of its body is a refusal, not an exception', async () => {
    const seen = Promise.withResolvers<string>();
    const reading = Promise.withResolvers<void>();
    const listening = new Hono().post('/', async (context) => {
      reading.resolve();
      seen.resolve(await problemOf(context.req.raw));
      return context.text('');
    });
    const { port } = await serve(listening);
    const half = await openRaw(port, `${head}Content-Length: 100\r\n\r\n{"a"`);
    await reading.promise;
    half.socket.destroy();
    expect(await seen.promise).toBe('incomplete');
  });
});
