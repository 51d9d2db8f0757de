import { expect, test } from 'vitest';
import { streamList } from '#dialects/stream-list.ts';

const textOf = async (body: string | ReadableStream<Uint8Array>) => new Response(body).text();

async function* chunksOf(...chunks: readonly (readonly number[])[]) {
  yield* chunks;
}

test.each([
  [[], '[]'],
  [[[]], '[]'],
  [[[1, 2]], '[1,2]'],
  [[[1, 2], [3], [4]], '[1,2,3,4]'],
  [[[], [1], [], [2]], '[1,2]'],
  [[[1], []], '[1]'],
  [[[], [], []], '[]'],
])('the chunks %j are one array', async (chunks, text) => {
  expect(await textOf(await streamList(chunksOf(...chunks), (item) => item))).toBe(text);
});

test('stands between the texts around it, whole or streamed', async () => {
  const around = { before: '{"data":[', after: '],"total":2}' };
  expect(await textOf(await streamList(chunksOf([1, 2]), (item) => item, around))).toBe('{"data":[1,2],"total":2}');
  expect(await textOf(await streamList(chunksOf([1], [2]), (item) => item, around))).toBe('{"data":[1,2],"total":2}');
});

test('fails at once for what fails at first, and in the middle for what fails there', async () => {
  async function* failing(good: number) {
    for (let chunk = 0; chunk < good; chunk += 1) yield [chunk];
    throw new Error('the database is gone');
  }
  await expect(streamList(failing(0), (item) => item)).rejects.toThrow('gone');
  await expect(streamList(failing(1), (item) => item)).rejects.toThrow('gone');
  const body = await streamList(failing(3), (item) => item);
  await expect(textOf(body)).rejects.toThrow('gone');
});

test('reads no further when the client has gone', async () => {
  let read = 0;
  let isOver = false;
  async function* endless() {
    try {
      for (;;) {
        read += 1;
        yield [read];
      }
    } finally {
      isOver = true;
    }
  }
  const body = (await streamList(endless(), (item) => item)) as ReadableStream<Uint8Array>;
  const reader = body.getReader();
  await reader.read();
  await reader.read();
  await reader.cancel();
  expect(isOver).toBe(true);
  expect(read).toBeLessThan(6);
});
