import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { JsonValue } from '#http/parse-json.ts';
import type { DialectContext } from '../dialect.ts';
import type { streamList } from '../stream-list.ts';
import { jsonType } from './media-types.ts';

/** An answer of JSON. */
export function answerJson(context: DialectContext, value: JsonValue, status: ContentfulStatusCode = 200): Response {
  return context.body(JSON.stringify(value), status, { 'Content-Type': jsonType });
}

/** An answer of JSON that is text already, or is sent while it is made. */
export async function answerText(context: DialectContext, body: ReturnType<typeof streamList>): Promise<Response> {
  return context.body(await body, 200, { 'Content-Type': jsonType });
}

/** The answer where there is nothing to say. */
export function answerNothing(context: DialectContext): Response {
  return context.body(null, 204);
}

/** The answer of the routes that only say that it is done. */
export function answerSuccess(context: DialectContext): Response {
  return answerJson(context, { success: true });
}
