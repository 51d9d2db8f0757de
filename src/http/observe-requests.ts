import type { Context, MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import type { Logger } from 'pino';
import type { ReadAddress } from './client-address.ts';
import type { Metrics } from './metrics.ts';
import { readRequestId, requestIdHeader } from './request-id.ts';

/** What becomes known of a request while it is served. Whoever learns a fact writes it here; the log line tells it. */
export interface RequestRecord {
  readonly id: string;
  dialect?: string;
  /** The network address of whoever is asking. */
  readonly address?: string;
  /** The id of whoever is asking; never the credential. */
  connection?: string;
  /** The kind of fault that the request ended with, as the dialect's error handler saw it. */
  fault?: string;
  /** What a fault really came from; for the log, never for an answer. */
  cause?: unknown;
  /** Names of attributes that were sent and left out. */
  skipped?: readonly string[];
}

/** The part of hono's context variables that this folder sets. */
export interface RequestVariables {
  record: RequestRecord;
}

/**
 * The outermost middleware: gives the request its id and record, and when the answer is ready writes one log line
 * and counts it. The line has the route's pattern and neither path, query, body nor credential. An error that no
 * dialect has named a fault is a bug and is logged with its stack.
 */
export function observeRequests(
  log: Logger,
  metrics: Metrics,
  readAddress: ReadAddress,
): MiddlewareHandler<{ Variables: RequestVariables }> {
  return async (context, next) => {
    const start = performance.now();
    const { headers } = context.req.raw;
    const address = readAddress(headers, context.env);
    const record: RequestRecord = { id: readRequestId(headers), ...(address !== undefined && { address }) };
    context.set('record', record);
    await next();
    context.res.headers.set(requestIdHeader, record.id);
    report(log, metrics, context, performance.now() - start);
  };
}

function report(log: Logger, metrics: Metrics, context: Context<{ Variables: RequestVariables }>, took: number): void {
  const { id, dialect = 'none', connection, fault, cause, skipped } = context.var.record;
  const { method } = context.req;
  const { status } = context.res;
  const route = routePath(context);
  const durationMs = Math.round(took * 1000) / 1000;
  metrics.count({ dialect, route, method, status, durationMs });
  log.info({ id, dialect, method, route, status, durationMs, connection, fault, skipped }, 'request');
  if (cause !== undefined) log.warn({ id, err: cause }, 'the cause of a fault');
  if (context.error && fault === undefined) log.error({ id, err: context.error }, 'unexpected error');
}
