import { sql } from 'kysely';
import type { Db, Row } from './database.ts';
import { compileSql } from './sql-builder.ts';

/** Which requests are wanted; what is absent does not matter. */
export interface RequestWish {
  /** ISO 8601: at this time or later. */
  readonly from?: string;
  /** ISO 8601: before this time. */
  readonly to?: string;
  readonly connection?: string;
  /** Requests that this person sent, and those about him that changed something or failed. */
  readonly person?: string;
  /** Reads of one resource under an id that the client chose are found in the last day, or from `from` on. */
  readonly requestId?: string;
  /** The hundreds of the status: 4 for 400 to 499. */
  readonly statusClass?: number;
  /** Only those that were answered with 400 or more. */
  readonly failed?: boolean;
  /** How a page goes on behind the last row of the one before it. */
  readonly before?: RequestPlace;
  readonly count: number;
}

/** Where a row stands in the log. */
export interface RequestPlace {
  readonly at: string;
  readonly sequence: number;
}

/** A request as the log keeps it. */
export interface LoggedRequest extends RequestPlace {
  readonly requestId: string;
  readonly dialect: string;
  readonly connection?: string;
  readonly person?: string;
  readonly address?: string;
  readonly userAgent?: string;
  readonly method: string;
  readonly route: string;
  readonly path: string;
  readonly status: number;
  readonly fault?: string;
  readonly detail?: string;
  readonly durationMs: number;
  readonly resource?: string;
  readonly body?: string;
  /** Names of what was left out, and of what was read as another value than was sent. */
  readonly skipped?: readonly string[];
  readonly changed?: readonly string[];
}

/** The newest requests of a tenant that fit a wish, newest first. */
export async function listRequests(db: Db, tenant: number, wish: RequestWish): Promise<readonly LoggedRequest[]> {
  const query = sql`select at, sequence, request_id, dialect, connection, person, address, user_agent, method, route, path,
      status, fault, detail, duration_ms, resource, body, skipped, changed
    from request_log where tenant = ${tenant} and ${sql.join(conditionsOf(wish), sql` and `)}
    order by at desc, sequence desc limit ${wish.count}`;
  return (await db.list(compileSql(query))).map(requestFrom);
}

function conditionsOf({ from, to, connection, person, requestId, statusClass, failed, before }: RequestWish) {
  return [
    sql`at >= ${from ?? '-infinity'} and at < ${to ?? 'infinity'}`,
    ...(connection === undefined ? [] : [sql`connection = ${connection}`]),
    ...(person === undefined
      ? []
      : [sql`(person = ${person} or (resource = ${person} and (method <> 'GET' or status >= 400)))`]),
    ...(requestId === undefined ? [] : [hasRequestId(requestId, from)]),
    ...(statusClass === undefined ? [] : [sql`status >= ${statusClass * 100} and status < ${statusClass * 100 + 100}`]),
    ...(failed === true ? [sql`status >= 400`] : []),
    ...(before === undefined ? [] : [sql`(at, sequence) < (${before.at}::timestamptz, ${before.sequence}::bigint)`]),
  ];
}

const ownId = /^([0-9a-f]{8})-([0-9a-f]{4})-7/;

/** The index leaves reads by id out. An id of ours tells the time by which they are found; one of another's is recent. */
function hasRequestId(id: string, from: string | undefined) {
  const indexed = sql`request_id = ${id} and (resource is null or method <> 'GET' or status >= 400)`;
  const [, high, low] = ownId.exec(id) ?? [];
  const time = high === undefined || low === undefined ? undefined : new Date(Number.parseInt(high + low, 16));
  const near =
    time === undefined
      ? sql`at > ${from ?? 'now'}::timestamptz - ${from === undefined ? '1 day' : '0'}::interval`
      : sql`at > ${time}::timestamptz - interval '10 minutes' and at < ${time}::timestamptz + interval '10 minutes'`;
  return sql`((${indexed}) or (request_id = ${id} and ${near}))`;
}

function requestFrom(row: Row): LoggedRequest {
  const named: Record<string, unknown> = {
    at: row.at,
    sequence: row.sequence,
    requestId: row.request_id,
    dialect: row.dialect,
    connection: row.connection,
    person: row.person,
    address: row.address,
    userAgent: row.user_agent,
    method: row.method,
    route: row.route,
    path: row.path,
    status: row.status,
    fault: row.fault,
    detail: row.detail,
    durationMs: row.duration_ms,
    resource: row.resource,
    body: row.body,
    skipped: row.skipped,
    changed: row.changed,
  };
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== null)) as unknown as LoggedRequest;
}

/** One change that came of a request: a row of the journal. */
export interface ChangeOfRequest {
  readonly requestId: string;
  readonly connection?: string;
  readonly at: string;
  readonly sequence: number;
  readonly kind: string;
  readonly resource: string;
  readonly action: string;
}

const changesStatement = {
  name: 'changes-of-requests',
  text: `select request_id, connection, at, sequence, kind, resource, action from journal
    where tenant = $1 and request_id = any($2::text[]) order by sequence limit 1000`,
};

/** What is in the journal under the ids of requests, at most a thousand rows, oldest first. */
export async function listChangesOf(db: Db, tenant: number, ids: readonly string[]): Promise<ChangeOfRequest[]> {
  const rows = await db.list({ ...changesStatement, values: [tenant, ids] });
  return rows.map((row) => ({
    requestId: row.request_id as string,
    ...(row.connection !== null && { connection: row.connection as string }),
    at: row.at as string,
    sequence: row.sequence as number,
    kind: row.kind as string,
    resource: row.resource as string,
    action: row.action as string,
  }));
}
