import { once } from 'node:events';
import { createServer } from 'node:net';
import { Hono } from 'hono';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { defaultLimits } from '#http/limits.ts';
import { explainListenError } from '#http/listen-error.ts';
import { readJson } from '#http/read-json.ts';
import { startServer } from '#http/server.ts';
import { openLogFile } from './log-file.ts';
import { openRaw, sendRaw, statusOf } from './raw-socket.ts';
import { makeApp, serve } from './serve.ts';

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;

describe('listening', () => {
  const start = (host: string, port: number) =>
    startServer({ fetch: makeApp().fetch, host, port, limits: defaultLimits, log: openLogFile().log });

  test('port 0 takes a free port and says which', async () => {
    const { url, port } = await serve(makeApp());
    expect(url).toBe(`http://127.0.0.1:${port}`);
    expect(await (await fetch(`${url}/x`)).text()).toBe('/x');
  });

  test('an IPv6 address has its brackets', async () => {
    const server = await start('::1', 0);
    expect(server.url).toBe(`http://[::1]:${server.port}`);
    await server.drain(0);
  });

  test('the address of all interfaces is shown as one that can be opened', async () => {
    const server = await start('0.0.0.0', 0);
    expect(server.url).toBe(`http://localhost:${server.port}`);
    await server.drain(0);
  });

  test('a taken port is one sentence that says what to do', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    await expect(start('127.0.0.1', port)).rejects.toThrow(
      `port ${port} of 127.0.0.1 is already in use; stop the program that uses it, or set PORT to a free port`,
    );
    other.close();
  });

  test('an address of another machine is one sentence that says what to do', async () => {
    await expect(start('192.0.2.1', 0)).rejects.toThrow('this machine has no address 192.0.2.1; set HOST');
  });

  test.each(['ENOTFOUND', 'EAI_AGAIN', 'EACCES', 'EWHATEVER'])('%s is one sentence that says what to do', (code) => {
    const explained = explainListenError(Object.assign(new Error('listen'), { code }), 'some.host', 80);
    expect(explained.message).toMatch(/^[^\n;]*some\.host[^\n;]*; (set|check) (HOST|PORT)/);
  });
});

describe('slow and many clients (H-1)', () => {
  const quick = { headersMs: 100, requestMs: 200, keepAliveMs: 100 };
  const reading = new Hono().post('/', async (context) => {
    const read = await readJson(context.req.raw, { ...defaultLimits, mediaTypes: ['application/json'] });
    return context.json(read, read.ok ? 200 : 400);
  });

  test.each([
    ['that never ends its headers', 'GET / HTTP/1.1\r\nHost: x\r\nX-Slow: '],
    ['that never ends its body', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"a'],
    ['that never ends its chunks', 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n'],
    ['that never sends anything', ''],
  ])('a client %s is cut with 408', async (_name, text) => {
    const { port } = await serve(reading, quick);
    expect(statusOf(await sendRaw(port, text))).toBe(408);
  });

  test('an idle connection is closed after the answer', async () => {
    const { port } = await serve(makeApp(), { ...quick, keepAliveMs: 1 });
    const answer = await sendRaw(port, get('/x'));
    expect(statusOf(answer)).toBe(200);
    expect(answer).toContain('Connection: keep-alive');
  });

  test('one connection more than allowed is closed, the others work on, and the log tells of it', async () => {
    const log = openLogFile();
    const server = await startServer({
      fetch: makeApp().fetch,
      host: '127.0.0.1',
      port: 0,
      limits: { ...defaultLimits, connections: 2 },
      log: log.log,
    });
    const first = await openRaw(server.port, '');
    const second = await openRaw(server.port, get('/first'));
    await second.waitFor('/first');
    const third = await openRaw(server.port, get('/third'));
    expect(await third.closed).toBe('');
    first.socket.write(get('/works'));
    await first.waitFor('/works');
    expect(await log.lines()).toMatchObject([{ level: 'warn', dropped: 1, connections: 2 }]);
    await server.drain(0);
  });

  test('headers of more than the limit get 431 (H-18)', async () => {
    const { port } = await serve(makeApp());
    const header = `X-Long: ${'x'.repeat(defaultLimits.headerBytes)}`;
    expect(statusOf(await sendRaw(port, `GET / HTTP/1.1\r\nHost: x\r\n${header}\r\n\r\n`))).toBe(431);
  });
});

describe('an answer that is sent while it is made', () => {
  const startStreaming = async (body: () => AsyncGenerator<Uint8Array>) => {
    const log = openLogFile();
    const headers = { 'X-Request-Id': 'request-1' };
    const fetch = () => new Response(ReadableStream.from(body()), { headers });
    const server = await startServer({ fetch, host: '127.0.0.1', port: 0, limits: defaultLimits, log: log.log });
    onTestFinished(() => server.drain(0));
    return { log, port: server.port };
  };

  test('breaks off where it fails, so that nobody takes it for whole, and the log tells why', async () => {
    vi.spyOn(console, 'error').mockReturnValue();
    const begun = Promise.withResolvers<void>();
    const { log, port } = await startStreaming(async function* () {
      yield Buffer.from('[1');
      await begun.promise;
      throw new Error('the database is gone');
    });
    const { waitFor, closed } = await openRaw(port, get('/'));
    await waitFor('[1');
    begun.resolve();
    const answer = await closed;
    expect(statusOf(answer)).toBe(200);
    expect(answer).toMatch(/\r\n2\r\n\[1\r\n$/);
    expect(await log.lines()).toMatchObject([
      { level: 'error', id: 'request-1', err: { message: 'the database is gone' } },
    ]);
  });

  test('ends without a word in the log when the client goes', async () => {
    const gone = Promise.withResolvers<void>();
    const { log, port } = await startStreaming(async function* () {
      try {
        for (;;) yield Buffer.alloc(100_000);
      } finally {
        gone.resolve();
      }
    });
    const { socket, waitFor } = await openRaw(port, get('/'));
    await waitFor('\0');
    socket.resetAndDestroy();
    await gone.promise;
    expect(await log.lines()).toEqual([]);
  });
});

describe('malformed HTTP is refused by the parser (H-14)', () => {
  const start = 'POST /x HTTP/1.1\r\nHost: x\r\n';

  test.each([
    [
      'Content-Length and Transfer-Encoding',
      `${start}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
    ['two different lengths', `${start}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} `],
    ['a negative length', `${start}Content-Length: -1\r\n\r\n`],
    ['a folded header', `${start}X-Folded: a\r\n b\r\n\r\n`],
    ['NUL in a header', `${start}X-Nul: a\0b\r\n\r\n`],
    ['a space before the colon', `${start}X-Space : a\r\n\r\n`],
    ['a lone line feed', 'GET / HTTP/1.1\nHost: x\n\n\r\n\r\n'],
    ['an unknown method', 'FROB / HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['no Host', 'GET / HTTP/1.1\r\n\r\n'],
    ['a coding that is unknown', `${start}Transfer-Encoding: chunked, gzip\r\n\r\n`],
  ])('%s', async (_name, text) => {
    let served = 0;
    const app = new Hono().all('*', (context) => {
      served += 1;
      return context.text('served');
    });
    const { port } = await serve(app);
    expect(statusOf(await sendRaw(port, text))).toBe(400);
    expect(served).toBe(0);
  });

  test('a chunk size that is none ends the body', async () => {
    const problem = Promise.withResolvers<string>();
    const app = new Hono().post('*', async (context) => {
      const read = await readJson(context.req.raw, { ...defaultLimits, mediaTypes: ['application/json'] });
      problem.resolve(read.ok ? 'none' : read.problem);
      return context.text('served');
    });
    const { port } = await serve(app);
    const answer = await sendRaw(port, `${start}Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\nzz\r\n\r\n`);
    expect(statusOf(answer)).toBe(400);
    expect(await problem.promise).toBe('incomplete');
  });
});

describe('drain', () => {
  test('an answer in flight is finished and says Connection: close (H-3)', async () => {
    const arrived = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    const app = new Hono().get('/', async (context) => {
      arrived.resolve();
      await go.promise;
      return context.text('finished');
    });
    const server = await serve(app);
    const raw = await openRaw(server.port, get('/'));
    await arrived.promise;
    const drained = server.drain(5_000);
    go.resolve();
    const answer = await raw.closed;
    await drained;
    expect(answer).toContain('finished');
    expect(answer.toLowerCase()).toContain('connection: close');
  });

  test('new connections are refused and idle ones closed at once', async () => {
    const server = await serve(makeApp());
    const idle = await openRaw(server.port, get('/x'));
    await idle.waitFor('/x');
    await server.drain(60_000);
    expect(statusOf(await idle.closed)).toBe(200);
    await expect(openRaw(server.port, get('/x'))).rejects.toThrow('ECONNREFUSED');
  });

  test('half a request holds the drain no longer than the deadline (H-2)', async () => {
    const server = await serve(makeApp());
    const slow = await openRaw(server.port, 'GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ');
    const plain = await openRaw(server.port, get('/x'));
    await plain.waitFor('/x');
    await server.drain(50);
    expect(await slow.closed).toBe('');
  });

  test('a handler that never ends holds the drain no longer than the deadline', async () => {
    const arrived = Promise.withResolvers<void>();
    const app = new Hono().get('/', () => {
      arrived.resolve();
      return new Promise<Response>(() => undefined);
    });
    const server = await serve(app);
    const raw = await openRaw(server.port, get('/'));
    await arrived.promise;
    await server.drain(50);
    expect(await raw.closed).toBe('');
  });

  test('a connection that never sent a byte does not hold the drain', async () => {
    const server = await serve(makeApp());
    const silent = await openRaw(server.port, '');
    await server.drain(60_000);
    expect(await silent.closed).toBe('');
  });

  test('a second drain waits for the same end', async () => {
    const server = await serve(makeApp());
    await Promise.all([server.drain(50), server.drain(50)]);
    await server.drain(50);
  });
});
