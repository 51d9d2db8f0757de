import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openLineWriter } from '#http/line-writer.ts';

function openFile(): { file: string; descriptor: number } {
  const folder = mkdtempSync(join(tmpdir(), 'lines-'));
  const file = join(folder, 'log');
  const descriptor = openSync(file, 'a');
  onTestFinished(() => {
    closeSync(descriptor);
    rmSync(folder, { recursive: true });
  });
  return { file, descriptor };
}

test('lines come in order and whole, however many', async () => {
  const { file, descriptor } = openFile();
  const lines = openLineWriter(descriptor);
  const sent = Array.from({ length: 5_000 }, (_, at) => `{"line":${at},"text":"жук"}\n`);
  for (const line of sent) lines.write(line);
  await lines.flush();
  expect(readFileSync(file, 'utf8')).toBe(sent.join(''));
});

test('nothing to write is flushed at once', async () => {
  const { file, descriptor } = openFile();
  await openLineWriter(descriptor).flush();
  expect(readFileSync(file, 'utf8')).toBe('');
});

test('lines beyond what is held back are dropped, and a line says how many', async () => {
  const { file, descriptor } = openFile();
  const lines = openLineWriter(descriptor);
  const megabyte = `${'x'.repeat(1_048_575)}\n`;
  // The first is being written, nine fill what may be held back, two are too many.
  for (let sent = 0; sent < 12; sent += 1) lines.write(megabyte);
  await lines.flush();
  const text = readFileSync(file, 'utf8');
  expect(text.split(megabyte).length - 1).toBe(10);
  expect(JSON.parse(text.slice(text.lastIndexOf('{')))).toMatchObject({ level: 'warn', dropped: 2 });
});

test('a full disk costs lines and nothing else', async () => {
  const descriptor = openSync('/dev/full', 'w');
  const lines = openLineWriter(descriptor);
  for (let sent = 0; sent < 100; sent += 1) lines.write(`${'x'.repeat(1_000)}\n`);
  await lines.flush();
  lines.write('again\n');
  await lines.flush();
  closeSync(descriptor);
});
