import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { waitUntil } from '#test/support/wait-until.ts';
import { openRaw } from './raw-socket.ts';

interface RunningProcess {
  readonly child: ChildProcess;
  readonly port: number;
  readonly output: () => string;
  readonly ended: Promise<{ code: number | null; signal: string | null }>;
}

const halfRequest = 'GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ';

async function runServer({ drainMs = 5_000, isRead = true } = {}): Promise<RunningProcess> {
  const script = fileURLToPath(new URL('run-server.ts', import.meta.url));
  const child = spawn(process.execPath, [script, String(drainMs)], { stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let output = '';
  if (isRead) {
    child.stdout.on('data', (chunk) => {
      output += String(chunk);
    });
  }
  const ended = once(child, isRead ? 'close' : 'exit').then(([code, signal]) => ({ code, signal }));
  const [first] = await once(child.stderr, 'data');
  return { child, port: Number(String(first)), output: () => output, ended };
}

const get = async (port: number, path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).text();

test('SIGTERM drains, writes the last log lines and exits with 0', async () => {
  const { child, port, output, ended } = await runServer();
  expect(await get(port, '/plain')).toBe('plain');
  child.kill('SIGTERM');
  expect(await ended).toEqual({ code: 0, signal: null });
  expect(output()).toContain('"route":"/plain"');
  expect(output()).toContain('"signal":"SIGTERM"');
});

test('SIGTERM with a slow client exits with 0 at the deadline (F-16)', async () => {
  const { child, port, ended } = await runServer({ drainMs: 100 });
  await openRaw(port, halfRequest);
  child.kill('SIGTERM');
  expect(await ended).toEqual({ code: 0, signal: null });
});

test.each([
  ['SIGTERM', 143],
  ['SIGINT', 130],
] as const)('a second signal, %s, exits at once with %i (F-15)', async (signal, code) => {
  const { child, port, output, ended } = await runServer({ drainMs: 600_000 });
  const slow = await openRaw(port, halfRequest);
  child.kill('SIGTERM');
  while (!output().includes('a second signal stops at once')) await once(child.stdout as Readable, 'data');
  await waitUntil(() => !child.kill(signal) || child.exitCode !== null, 'the end');
  expect(await ended).toEqual({ code, signal: null });
  await slow.closed;
});

test('a promise that nobody waited for is logged, and the process drains and exits with 1 (H-22)', async () => {
  const { port, output, ended } = await runServer();
  expect(await get(port, '/reject')).toBe('answered');
  expect(await ended).toEqual({ code: 1, signal: null });
  expect(output()).toContain('nobody waits for this');
});

test('the server goes on when the reader of its log is gone (F-33)', async () => {
  const { child, port, ended } = await runServer();
  await get(port, '/plain');
  child.stdout?.destroy();
  for (let round = 0; round < 5; round += 1) {
    expect(await get(port, '/plain')).toBe('plain');
    expect(await get(port, '/flush')).toBe('flushed');
  }
  child.kill('SIGTERM');
  expect(await ended).toEqual({ code: 0, signal: null });
});

test('the server goes on and ends when the reader of its log stands still', async () => {
  const { child, port, ended } = await runServer({ isRead: false });
  expect(await get(port, '/chatter')).toBe('logged');
  expect(await get(port, '/plain')).toBe('plain');
  child.kill('SIGTERM');
  expect(await ended).toEqual({ code: 0, signal: null });
});
