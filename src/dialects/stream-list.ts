import type { JsonValue } from '#http/parse-json.ts';

/** What stands around the items of a list; an array when absent. */
export interface Around {
  readonly before: string;
  readonly after: string;
}

/**
 * The body of an answer with all items of a list as JSON: text where the first chunk is all, else a stream that asks for a
 * chunk when the client has taken the one before. Waits for what comes first, so that a failure until then is said as every
 * failure is; a later one ends the connection.
 */
export function streamList<Item>(
  chunks: AsyncIterable<readonly Item[]>,
  write: (item: Item) => JsonValue,
  around: Around = { before: '[', after: ']' },
): Promise<string | ReadableStream<Uint8Array>> {
  return streamTexts(chunks, (item) => JSON.stringify(write(item)), around);
}

/** The same where an item is the text of something else than a value of JSON: a member of an object. */
export async function streamTexts<Item>(
  chunks: AsyncIterable<readonly Item[]>,
  write: (item: Item) => string,
  around: Around,
): Promise<string | ReadableStream<Uint8Array>> {
  const iterator = chunks[Symbol.asyncIterator]();
  const first = await iterator.next();
  const second = await iterator.next();
  if (second.done) return around.before + written(first.done ? [] : first.value, write) + around.after;
  return ReadableStream.from(stream([first, second], iterator, write, around));
}

const encoder = new TextEncoder();

/** While one chunk is written and sent, the next is read. */
async function* stream<Item>(
  early: readonly IteratorResult<readonly Item[]>[],
  late: AsyncIterator<readonly Item[]>,
  write: (item: Item) => string,
  { before, after }: Around,
): AsyncGenerator<Uint8Array> {
  const waiting = early.map((chunk) => Promise.resolve(chunk));
  let comma = '';
  try {
    yield encoder.encode(before);
    for (let chunk = await waiting.shift(); chunk?.done === false; chunk = await waiting.shift()) {
      waiting.push(inAdvance(late));
      // Everybody in a chunk may have been deleted since the list was made.
      if (chunk.value.length === 0) continue;
      yield encoder.encode(comma + written(chunk.value, write));
      comma = ',';
    }
    yield encoder.encode(after);
  } finally {
    await late.return?.();
  }
}

/** A failure is for whoever waits for the chunk, if anybody still does. */
function inAdvance<Item>(iterator: AsyncIterator<Item>): Promise<IteratorResult<Item>> {
  const next = iterator.next();
  next.catch(() => undefined);
  return next;
}

function written<Item>(items: readonly Item[], write: (item: Item) => string): string {
  return items.map(write).join(',');
}
