import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { JsonValue } from '#http/parse-json.ts';
import type { DialectContext } from '../dialect.ts';
import { jsonType } from './media-types.ts';

/** An answer of JSON. */
export function answerJson(context: DialectContext, value: JsonValue, status: ContentfulStatusCode = 200): Response {
  return context.body(JSON.stringify(value), status, { 'Content-Type': jsonType });
}

/** The answer where there is nothing to say. */
export function answerNothing(context: DialectContext): Response {
  return context.body(null, 204);
}

/** The answer of the routes that only say that it is done. */
export function answerSuccess(context: DialectContext): Response {
  return answerJson(context, { success: true });
}
