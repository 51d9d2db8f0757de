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
    expect(made).toMatch(/^[0-9a-f-]{36}$/);
  },
);

test('two requests without an id get different ones', () => {
  expect(readRequestId(new Headers())).not.toBe(readRequestId(new Headers()));
});
