import { EventEmitter, once } from 'node:events';
import { expect, test } from 'vitest';
import { exitInOrder, type ShutdownStep } from '#http/shutdown.ts';
import { type LogFile, openLogFile } from './log-file.ts';

interface Started {
  readonly process: EventEmitter;
  readonly codes: number[];
  readonly ended: Promise<unknown>;
  readonly stop: (exitCode: number) => void;
  readonly log: LogFile;
  readonly clock: { ms: number };
}

function start(steps: readonly ShutdownStep[]): Started {
  const process = new EventEmitter();
  const codes: number[] = [];
  const exit = (code: number) => {
    codes.push(code);
    process.emit('exited');
  };
  const log = openLogFile();
  const on = (event: string, listener: (cause: unknown) => void) => process.on(event, listener);
  const clock = { ms: 1_000 };
  const stop = exitInOrder({ process: { on, exit }, log: log.log, steps, now: () => clock.ms });
  return { process, codes, ended: once(process, 'exited'), stop, log, clock };
}

test('the steps run one after another, once, and the code is 0', async () => {
  const done: string[] = [];
  const slow = Promise.withResolvers<void>();
  const { process, codes, ended } = start([
    { name: 'first', run: () => slow.promise.then(() => void done.push('first')) },
    { name: 'second', run: () => void done.push('second') },
  ]);
  process.emit('SIGTERM', 'SIGTERM');
  expect(done).toEqual([]);
  slow.resolve();
  await ended;
  expect(done).toEqual(['first', 'second']);
  expect(codes).toEqual([0]);
});

test('a step that fails is logged, the next ones run, and the code is 1', async () => {
  const done: string[] = [];
  const { process, codes, ended, log } = start([
    { name: 'rejects', run: () => Promise.reject(new Error('no')) },
    {
      name: 'throws',
      run: () => {
        throw new Error('neither');
      },
    },
    { name: 'last', run: () => void done.push('last') },
  ]);
  process.emit('SIGINT', 'SIGINT');
  await ended;
  expect(done).toEqual(['last']);
  expect(codes).toEqual([1]);
  expect((await log.lines()).map((line) => line.step)).toEqual([undefined, 'rejects', 'throws']);
});

test.each([
  ['SIGHUP', 129],
  ['SIGINT', 130],
  ['SIGTERM', 143],
])('a second signal, %s, exits with %i while the steps still run', (signal, code) => {
  const { process, codes, clock } = start([{ name: 'hangs', run: () => new Promise(() => undefined) }]);
  process.emit('SIGTERM', 'SIGTERM');
  expect(codes).toEqual([]);
  clock.ms += 300;
  process.emit(signal, signal);
  expect(codes).toEqual([code]);
});

test('a Ctrl-C that arrives twice, from the terminal and from npm, is one', () => {
  const { process, codes, clock } = start([{ name: 'hangs', run: () => new Promise(() => undefined) }]);
  process.emit('SIGINT', 'SIGINT');
  clock.ms += 299;
  process.emit('SIGINT', 'SIGINT');
  expect(codes).toEqual([]);
});

test.each(['unhandledRejection', 'uncaughtException'])('%s is logged and ends the process in order', async (event) => {
  const done: string[] = [];
  const { process, codes, ended, log } = start([{ name: 'only', run: () => void done.push('only') }]);
  process.emit(event, new Error('a bug'));
  process.emit(event, new Error('another'));
  await ended;
  expect(done).toEqual(['only']);
  expect(codes).toEqual([1]);
  expect(await log.lines()).toMatchObject([
    { level: 'fatal', event, err: { message: 'a bug' } },
    { level: 'fatal', event, err: { message: 'another' } },
  ]);
});

test('the program can end itself with a code of its own', async () => {
  const { codes, ended, stop } = start([]);
  stop(3);
  stop(4);
  await ended;
  expect(codes).toEqual([3]);
});
