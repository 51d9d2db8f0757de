import { expect, test } from 'vitest';
import { readRequestId } from '#http/request-id.ts';

test.each(['a', 'A-z_0.9', 'x'.repeat(64)])('the id %s of a client is kept', (id) => {
  expect(readRequestId(new Headers({ 'X-Request-Id': id }))).toBe(id);
});

test.each(['', 'x'.repeat(65), 'two words', 'a,b', '"quoted"', 'naïve', '{"level":"fatal"}'])(
  'the id "%s" is replaced by a new one',
  (id) => {
    const made = readRequestId(new Headers({ 'X-Request-Id': id }));
    expect(made).not.toBe(id);
    expect(made).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  },
);

test('two requests without an id get different ones', () => {
  expect(readRequestId(new Headers())).not.toBe(readRequestId(new Headers()));
});

test('a new id begins with its time', () => {
  const before = Date.now();
  const time = Number.parseInt(readRequestId(new Headers()).replace('-', '').slice(0, 12), 16);
  expect(time).toBeGreaterThanOrEqual(before);
  expect(time).toBeLessThanOrEqual(Date.now());
});
