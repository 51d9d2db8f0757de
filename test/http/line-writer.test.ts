import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type LineWriter, openLineWriter } from '#http/line-writer.ts';

function openLines(path?: string): { file: string; lines: LineWriter } {
  const folder = mkdtempSync(join(tmpdir(), 'lines-'));
  const file = path ?? join(folder, 'log');
  const descriptor = openSync(file, 'a');
  const lines = openLineWriter(descriptor);
  onTestFinished(async () => {
    await lines.close();
    closeSync(descriptor);
    rmSync(folder, { recursive: true });
  });
  return { file, lines };
}

test('lines come in order and whole, however many', async () => {
  const { file, lines } = openLines();
  const sent = Array.from({ length: 5_000 }, (_, at) => `{"line":${at},"text":"жук"}\n`);
  for (const line of sent) lines.write(line);
  await lines.flush();
  expect(readFileSync(file, 'utf8')).toBe(sent.join(''));
});

test('nothing to write is flushed at once', async () => {
  const { file, lines } = openLines();
  await lines.flush();
  expect(readFileSync(file, 'utf8')).toBe('');
});

test('lines beyond what is held back are dropped, and a line says how many', async () => {
  const { file, lines } = openLines();
  const megabyte = `${'x'.repeat(1_048_575)}\n`;
  // The first is being written, nine fill what may be held back, two are too many.
  for (let sent = 0; sent < 12; sent += 1) lines.write(megabyte);
  await lines.flush();
  const text = readFileSync(file, 'utf8');
  expect(text.split(megabyte).length - 1).toBe(10);
  expect(JSON.parse(text.slice(text.lastIndexOf('{')))).toMatchObject({ level: 'warn', dropped: 2 });
});

test('a full disk costs lines and nothing else', async () => {
  const { lines } = openLines('/dev/full');
  for (let sent = 0; sent < 100; sent += 1) lines.write(`${'x'.repeat(1_000)}\n`);
  await lines.flush();
  lines.write('again\n');
  await lines.flush();
});

test('whoever gets the descriptor after the close gets no line of ours', async () => {
  const { file, lines } = openLines();
  lines.write('before\n');
  await lines.close();
  lines.write('after\n'.repeat(20_000));
  lines.write('after\n');
  await lines.flush();
  expect(readFileSync(file, 'utf8')).toBe('before\n');
});
