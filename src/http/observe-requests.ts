import type { Context, MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import type { Logger } from 'pino';
import type { ReadAddress } from './client-address.ts';
import type { Metrics } from './metrics.ts';
import { requestTarget } from './normalise-path.ts';
import { readRequestId, requestIdHeader } from './request-id.ts';
import type { NoteRequest, RequestRecord } from './request-record.ts';
import { withoutMark } from './routed-path.ts';

/** What requests are told to. */
export interface Observers {
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly readAddress: ReadAddress;
  /** The request log; absent where none is kept. */
  readonly note?: NoteRequest | undefined;
}

/** The part of hono's context variables that this folder sets. */
export interface RequestVariables {
  record: RequestRecord;
}

/**
 * The outermost middleware: gives the request its id and record, and when the answer is ready writes one log line,
 * counts it and has it noted. The line has the route's pattern and neither path, query, body nor credential. An error
 * that no dialect has named a fault is a bug and is logged with its stack.
 */
export function observeRequests(observers: Observers): MiddlewareHandler<{ Variables: RequestVariables }> {
  return async (context, next) => {
    const start = performance.now();
    const { headers } = context.req.raw;
    const address = observers.readAddress(headers, context.env);
    const record: RequestRecord = { id: readRequestId(headers), ...(address !== undefined && { address }) };
    context.set('record', record);
    await next();
    context.res.headers.set(requestIdHeader, record.id);
    report(observers, context, start);
  };
}

function report(
  { log, metrics, note }: Observers,
  context: Context<{ Variables: RequestVariables }>,
  startedMs: number,
) {
  const { record } = context.var;
  const { id, dialect = 'none', connection, fault, cause, skipped } = record;
  const { method } = context.req;
  const { status } = context.res;
  const route = withoutMark(routePath(context));
  const durationMs = Math.round((performance.now() - startedMs) * 1000) / 1000;
  metrics.count({ dialect, route, method, status, durationMs });
  log.info({ id, dialect, method, route, status, durationMs, connection, fault, skipped }, 'request');
  if (cause !== undefined) log.warn({ id, err: cause }, 'the cause of a fault');
  if (context.error && fault === undefined) log.error({ id, err: context.error }, 'unexpected error');
  if (note === undefined || !isWorthNoting(record, status)) return;
  const userAgent = context.req.raw.headers.get('user-agent') ?? undefined;
  const target = requestTarget(context.req.raw, context.env);
  note(record, { startedMs, durationMs, method, route, target, status, userAgent });
}

/** Beside the APIs only a path that there is not, where somebody may have meant one of them: others are for monitors. */
function isWorthNoting({ dialect }: RequestRecord, status: number): boolean {
  return dialect !== undefined || status === 404;
}
