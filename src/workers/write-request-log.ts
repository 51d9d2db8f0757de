import { noConnection } from '#domain/caller.ts';
import { Fault } from '#domain/fault.ts';
import { isId } from '#domain/is-id.ts';
import { redactBody, redactTarget, redactText, type ValuePolicy } from '#domain/redact.ts';
import type { Exchange, NoteRequest, RequestRecord } from '#http/request-record.ts';
import type { Db } from '#store/database.ts';
import { requestWaitMaxSeconds } from '#store/request-erasure.ts';
import { insertRequests, type RequestRow, withoutTenant } from '#store/request-log-rows.ts';

/** What became of the rows so far. */
export interface RequestLogCounts {
  written: number;
  /** Lost: too many waited, or the database refused them. */
  dropped: number;
  /** Refused calls beyond those that are kept of each second. */
  sampled: number;
}

export interface RequestLog {
  /** Takes note of a request. Never waits and never throws. */
  readonly note: NoteRequest;
  /** Writes what waits. Never rejects; what the database does not take now stays for the next time. */
  readonly flush: () => Promise<void>;
  readonly counts: Readonly<RequestLogCounts>;
}

export interface RequestLogOptions {
  readonly db: Db;
  readonly values: ValuePolicy;
  readonly log: { readonly warn: (details: object, message: string) => void };
  /** How many rows may wait, 10,000 when absent. */
  readonly waitingMax?: number;
}

const batchRows = 500;
const bodyLengthMax = 16_384;
/** Bodies that wait, in characters. */
const waitingLengthMax = 8_388_608;
const refusedPerSecond = 10;

/**
 * Opens the request log. Rows wait in memory, so many at most, and are written many at a time; a database that is away or slow
 * costs rows and never a request. Of refused calls ten are kept for each second, tenant and status (decision 0017).
 */
export function openRequestLog({ db, values, log, waitingMax = 10_000 }: RequestLogOptions): RequestLog {
  const counts: RequestLogCounts = { written: 0, dropped: 0, sampled: 0 };
  const isKept = sampler();
  const tell = teller(log);
  let waiting: Note[] = [];
  let waitingLength = 0;
  let writing: Promise<void> | undefined;

  const drop = (count: number, why: Loss) => {
    counts.dropped += count;
    tell(count, why);
  };
  const writeAll = async () => {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, batchRows);
      const young = batch.filter(mayStillBeWritten);
      const outcome = await writeBatch(db, young);
      waiting = waiting.slice(batch.length);
      waitingLength -= lengthOf(batch);
      if (young.length < batch.length)
        drop(batch.length - young.length, { reason: 'the database was away for too long' });
      counts.written += outcome.written;
      if (outcome.refused > 0) drop(outcome.refused, { reason: 'the database refuses them', err: outcome.error });
      if (outcome.later.length === 0) continue;
      waiting = [...outcome.later, ...waiting];
      waitingLength += lengthOf(outcome.later);
      return;
    }
  };
  const flush = (): Promise<void> => {
    writing ??= writeAll().finally(() => {
      writing = undefined;
    });
    return writing;
  };
  return {
    counts,
    flush,
    note(request, exchange) {
      const refused = isRefused(request, exchange);
      if (refused && !isKept(request, exchange)) counts.sampled += 1;
      else if (waiting.length >= waitingMax || waitingLength > waitingLengthMax)
        drop(1, { reason: 'the database is too slow for them' });
      else {
        const note = noteOf(request, exchange, { values, refused });
        waitingLength += note.row.body?.length ?? 0;
        if (waiting.push(note) === batchRows) void flush();
      }
    },
  };
}

/** A row whose age is not known before it is written. */
interface Note {
  readonly row: Omit<RequestRow, 'ageSeconds'>;
  readonly startedMs: number;
}

function lengthOf(notes: readonly Note[]): number {
  return notes.reduce((length, { row }) => length + (row.body?.length ?? 0), 0);
}

interface Notation {
  readonly values: ValuePolicy;
  readonly refused: boolean;
}

function noteOf(request: RequestRecord, exchange: Exchange, { values, refused }: Notation): Note {
  const { detail, resource, body, skipped, changed } = request;
  const { userAgent } = exchange;
  const row = {
    tenant: request.tenant ?? withoutTenant,
    requestId: request.id,
    dialect: request.dialect ?? 'none',
    connection: request.connection === noConnection ? undefined : request.connection,
    person: request.person,
    address: request.address,
    userAgent: userAgent === undefined ? undefined : redactText(userAgent, 200),
    method: exchange.method,
    route: exchange.route,
    path: redactTarget(exchange.target, values, 1_000),
    status: exchange.status,
    fault: request.fault,
    detail: detail === undefined ? undefined : redactText(detail, 500),
    durationMs: exchange.durationMs,
    resource: resource !== undefined && isId(resource) ? resource : undefined,
    body: body === undefined || refused ? undefined : redactBody(body, values, bodyLengthMax),
    skipped: skipped === undefined ? undefined : redactText(skipped.join('\n'), 2_000),
    changed: changed === undefined ? undefined : redactText(changed.join('\n'), 2_000),
  };
  return { row, startedMs: exchange.startedMs };
}

const refusals: readonly number[] = [401, 403, 429];

/** A call that got no further than the door: of these nothing but the first few of a second is kept, and no body. */
function isRefused({ tenant }: RequestRecord, { status }: Exchange): boolean {
  return tenant === undefined || refusals.includes(status);
}

function sampler(): (request: RequestRecord, exchange: Exchange) => boolean {
  let second = 0;
  let seen = new Map<number, number>();
  return ({ tenant = withoutTenant }, { startedMs, durationMs, status }) => {
    const now = Math.floor((startedMs + durationMs) / 1_000);
    if (now !== second) {
      second = now;
      seen = new Map();
    }
    const kind = tenant * 1_000 + status;
    const count = (seen.get(kind) ?? 0) + 1;
    seen.set(kind, count);
    return count <= refusedPerSecond;
  };
}

/** An erasure counts on it that what is older is nowhere in memory. */
function mayStillBeWritten({ row, startedMs }: Note): boolean {
  return performance.now() - startedMs - row.durationMs < requestWaitMaxSeconds * 1_000;
}

/** What became of a batch: the rows that wait on are those which the database, being away, was not asked about. */
interface Outcome {
  readonly written: number;
  readonly refused: number;
  /** Why the database refused the last of them. */
  readonly error?: unknown;
  readonly later: readonly Note[];
}

/** How often a refused batch is tried in parts: enough to find two bad rows in it, and no more where all are. */
const partsMax = 40;

/** Writes a batch. One that is refused is halved until the rows at fault are alone, so that they cost no others. */
async function writeBatch(db: Db, batch: readonly Note[]): Promise<Outcome> {
  const parts = [batch];
  let outcome: Outcome = { written: 0, refused: 0, later: [] };
  for (let tries = 0; parts.length > 0; tries += 1) {
    const part = parts.shift() ?? [];
    const error = await failureOf(db, part);
    if (error === undefined) outcome = { ...outcome, written: outcome.written + part.length };
    else if (error instanceof Fault && error.kind === 'unavailable')
      return { ...outcome, later: [part, ...parts].flat() };
    else if (part.length === 1 || tries >= partsMax)
      outcome = { ...outcome, error, refused: outcome.refused + part.length };
    else parts.unshift(part.slice(0, part.length / 2), part.slice(part.length / 2));
  }
  return outcome;
}

async function failureOf(db: Db, notes: readonly Note[]): Promise<unknown> {
  const now = performance.now();
  const rows = notes.map(({ row, startedMs }) => ({ ...row, ageSeconds: (now - startedMs) / 1_000 }));
  try {
    if (rows.length > 0) await insertRequests(db, rows);
    return undefined;
  } catch (error) {
    return error;
  }
}

/** Why rows are lost; of an error of the database its code alone, since its words can hold what is in the row. */
interface Loss {
  readonly reason: string;
  readonly err?: unknown;
}

function codeOf(error: unknown): string | undefined {
  const cause = error instanceof Fault ? error.details.cause : error;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
}

/** One line in ten seconds at most: rows are lost by the thousand when they are. */
function teller(log: RequestLogOptions['log']): (count: number, why: Loss) => void {
  let untold = 0;
  let toldAt = Number.NEGATIVE_INFINITY;
  return (count, { reason, err }) => {
    untold += count;
    if (performance.now() - toldAt < 10_000) return;
    toldAt = performance.now();
    const code = codeOf(err);
    log.warn({ dropped: untold, reason, ...(code !== undefined && { code }) }, 'rows of the request log are lost');
    untold = 0;
  };
}
