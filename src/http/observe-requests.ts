import type { Context, MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import type { Logger } from 'pino';
import type { ReadAddress } from './client-address.ts';
import type { Metrics } from './metrics.ts';
import { requestTarget } from './normalise-path.ts';
import { readRequestId, requestIdHeader } from './request-id.ts';

/** What becomes known of a request while it is served. Whoever learns a fact writes it here; the log line tells it. */
export interface RequestRecord {
  readonly id: string;
  dialect?: string;
  /** The network address of whoever is asking. */
  readonly address?: string;
  /** The tenant of whoever is asking. */
  tenant?: number;
  /** The id of whoever is asking; never the credential. */
  connection?: string;
  /** The id of the person who signed in. */
  person?: string | undefined;
  /** The id of the resource that the request is about. */
  resource?: string;
  /** The body as it was read. Nobody changes it afterwards. */
  body?: unknown;
  /** The kind of fault that the request ended with, as the dialect's error handler saw it. */
  fault?: string;
  /** What the answer says about the fault. */
  detail?: string;
  /** What a fault really came from; for the log, never for an answer. */
  cause?: unknown;
  /** Names of attributes that were sent and left out. */
  skipped?: readonly string[];
  /** Names of attributes whose value was read as another than was sent. */
  changed?: readonly string[];
}

/** A request with its answer, as the outermost layer sees them. */
export interface Exchange {
  /** In milliseconds of `performance.now()`. */
  readonly startedMs: number;
  readonly durationMs: number;
  readonly method: string;
  /** The pattern that the path matched. */
  readonly route: string;
  /** Path and query as sent. */
  readonly target: string;
  readonly status: number;
  readonly userAgent?: string | undefined;
}

/** Takes note of a request when its answer is ready. Never waits and never throws. */
export type NoteRequest = (record: RequestRecord, exchange: Exchange) => void;

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
  const route = routePath(context);
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
