import type { MiddlewareHandler } from 'hono';

/**
 * Turns anything thrown below that is no Error into one, with the thrown value as its cause. hono asks `onError` only
 * about Errors; a thrown string or a rejected plain object would leave as a bare 500 in no dialect's shape (H-19).
 * Use it in each app that has an `onError` of its own.
 */
export const wrapThrown: MiddlewareHandler = async (_context, next) => {
  try {
    await next();
  } catch (thrown) {
    throw thrown instanceof Error ? thrown : new Error('something that is no Error was thrown', { cause: thrown });
  }
};
