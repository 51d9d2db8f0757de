import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { wrapThrown } from '#http/wrap-thrown.ts';
import { serve } from './serve.ts';

function throwingApp(thrown: unknown): Hono {
  const dialect = new Hono();
  dialect.use(wrapThrown);
  dialect.get('/now', () => {
    throw thrown;
  });
  dialect.get('/later', async () => {
    await Promise.reject(thrown);
    return new Response();
  });
  dialect.onError((error, context) => context.json({ shape: 'dialect', cause: error.cause ?? 'none' }, 500));
  return new Hono().route('/d', dialect);
}

test.each([
  ['a string', 'text'],
  ['a plain object', { msBeforeNext: 5 }],
  ['a number', 5],
])('%s that is thrown reaches the error handler of its own app (H-19)', async (_name, thrown) => {
  const { url } = await serve(throwingApp(thrown));
  for (const path of ['/d/now', '/d/later']) {
    const answer = await fetch(url + path);
    expect(await answer.json()).toEqual({ shape: 'dialect', cause: thrown });
  }
});

test('an Error passes as it is', async () => {
  const { url } = await serve(throwingApp(new Error('x', { cause: 'own' })));
  expect(await (await fetch(`${url}/d/now`)).json()).toEqual({ shape: 'dialect', cause: 'own' });
});
