import { fstatSync, write } from 'node:fs';
import { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

const writeSome = promisify(write);
const batchLength = 65_536;
const pendingLengthMax = 8_388_608;
const everyMs = 250;
const retryMs = 100;
const flushMs = 1_000;

export interface LineWriter {
  readonly write: (line: string) => void;
  /** Resolves when all lines so far are written or given up, after a second at most. */
  readonly flush: () => Promise<void>;
  /** Flushes, and drops every line that comes later: the number of the descriptor may soon be somebody else's. */
  readonly close: () => Promise<void>;
}

/**
 * Writes lines to a file descriptor in batches and never waits for whoever reads them. A reader that is gone (F-33)
 * or a full disk costs lines, and one that stands still costs lines beyond 8 MiB; a line says how many. pino's own
 * destination is not used because its flush at exit tries again for ever when the reader is gone or the disk full.
 */
export function openLineWriter(descriptor: number): LineWriter {
  const writeAll = openSink(descriptor);
  let pending = '';
  let dropped = 0;
  let writing: Promise<void> | undefined;
  let closed = false;
  const start = (): void => {
    if (closed || writing !== undefined || pending === '') return;
    const batch = dropped === 0 ? pending : `${pending}${droppedLine(dropped)}`;
    pending = '';
    dropped = 0;
    writing = writeAll(Buffer.from(batch)).then(() => {
      writing = undefined;
      if (pending.length >= batchLength) start();
    });
  };
  const timer = setInterval(start, everyMs).unref();
  const flush = async (): Promise<void> => {
    const deadline = delay(flushMs, 'late' as const, { ref: false });
    for (start(); writing !== undefined; start()) {
      if ((await Promise.race([writing, deadline])) === 'late') return;
    }
  };
  return {
    write(line) {
      if (closed) return;
      if (pending.length > pendingLengthMax) dropped += 1;
      else pending += line;
      if (pending.length >= batchLength) start();
    },
    flush,
    async close() {
      await flush();
      closed = true;
      clearInterval(timer);
    },
  };
}

/** Gives the way to write to this descriptor: it resolves when the bytes are written or given up, and never rejects. */
function openSink(descriptor: number): (bytes: Buffer) => Promise<void> {
  const kind = fstatSync(descriptor);
  if (!kind.isFIFO() && !kind.isSocket()) return (bytes) => writeToFile(descriptor, bytes);
  // A pipe that nobody reads would block a thread of the pool, and Node waits for those threads when it exits. A
  // stream does not block. Standard output has one already; a second on the same descriptor would disturb it.
  const stream = descriptor === 1 ? process.stdout : new Socket({ fd: descriptor, readable: false });
  if (!stream.listeners('error').includes(ignore)) stream.on('error', ignore);
  return (bytes) => new Promise((resolve) => stream.write(bytes, () => resolve()));
}

/** Each write hears of its failure by itself. */
function ignore(): void {}

async function writeToFile(descriptor: number, bytes: Buffer): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    try {
      const { bytesWritten } = await writeSome(descriptor, bytes, at);
      at += bytesWritten;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return;
      await delay(retryMs);
    }
  }
}

function droppedLine(dropped: number): string {
  return `${JSON.stringify({ level: 'warn', dropped, msg: 'the log was not read fast enough; lines are missing' })}\n`;
}
