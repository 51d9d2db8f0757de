import { type Caller, checkRight, noConnection } from '#domain/caller.ts';
import { checkAdministers } from '#domain/check-holds.ts';
import { Fault } from '#domain/fault.ts';
import { isId } from '#domain/is-id.ts';
import type { Db } from '#store/database.ts';
import {
  type ChangeOfRequest,
  type LoggedRequest,
  listChangesOf,
  listRequests,
  type RequestPlace,
  type RequestWish,
} from '#store/list-requests.ts';
import { withoutTenant } from '#store/request-log-rows.ts';
import { boundCount } from './bound-count.ts';
import { checkTime } from './list-journal.ts';

/** Which requests are wanted. */
export interface RequestLogWish extends RequestWish {
  /** The refused ones without a valid credential, whose tenant nobody knows: for operators. Open routes ask for none. */
  readonly unauthenticated?: boolean;
}

/** A request with what came of it. */
export interface ToldRequest extends LoggedRequest {
  readonly changes: readonly Pick<ChangeOfRequest, 'sequence' | 'kind' | 'resource' | 'action'>[];
}

/** Some requests, newest first. */
export interface RequestLogPart {
  readonly requests: readonly ToldRequest[];
  /** The `before` of the next page; absent on the last one. */
  readonly next?: RequestPlace;
}

/**
 * What clients sent to the caller's tenant and what was answered, newest first, a page at a time, each with the rows of the
 * journal that came of it. Successful reads of one resource are not found by person. Raises `forbidden`, `invalid_value`.
 */
export async function listRequestLog(caller: Caller, db: Db, wish: RequestLogWish): Promise<RequestLogPart> {
  checkReads(caller, wish);
  const count = boundCount(wish.count);
  const ids = [wish.connection, wish.person].filter((id) => id !== undefined);
  if (!ids.every(isId)) return { requests: [] };
  const tenant = wish.unauthenticated === true ? withoutTenant : caller.tenant;
  const failed = wish.failed === true || wish.unauthenticated === true;
  const found = await listRequests(db, tenant, { ...wish, ...timesOf(wish), failed, count: count + 1 });
  const page = found.slice(0, count);
  const changes = await changesOf(db, tenant, page);
  const last = page.at(-1);
  return {
    requests: page.map((request) => ({
      ...request,
      changes: changes.filter((change) => isOf(change, request)).map(told),
    })),
    ...(found.length > count && last !== undefined && { next: { at: last.at, sequence: last.sequence } }),
  };
}

function checkReads(caller: Caller, { unauthenticated }: RequestLogWish): void {
  if (unauthenticated === true) checkRight(caller, 'operator');
  checkAdministers(caller);
  if (caller.franchisee === undefined) return;
  throw new Fault('forbidden', 'the request log is not for who is bound to one franchisee', { wrongCredential: true });
}

function timesOf({ from, to, before }: RequestWish) {
  return {
    ...(from !== undefined && { from: checkTime(from, 'from') }),
    ...(to !== undefined && { to: checkTime(to, 'to') }),
    ...(before !== undefined && { before: { ...before, at: checkTime(before.at, 'before') } }),
  };
}

/** Reads change nothing. */
async function changesOf(db: Db, tenant: number, requests: readonly LoggedRequest[]): Promise<ChangeOfRequest[]> {
  const ids = requests.filter(({ method }) => method !== 'GET').map(({ requestId }) => requestId);
  return ids.length === 0 ? [] : listChangesOf(db, tenant, ids);
}

/** Clients choose ids, and may choose one twice: the connection and the time must fit too. */
function isOf(
  change: ChangeOfRequest,
  { requestId, connection = noConnection, at, durationMs }: LoggedRequest,
): boolean {
  if (change.requestId !== requestId || (change.connection ?? noConnection) !== connection) return false;
  const late = Date.parse(change.at) - Date.parse(at);
  return late > -slackMs && late < durationMs + slackMs;
}

/** The time of a request is reckoned when its row is written, that of a change when its transaction begins. */
const slackMs = 1_000;

function told({ sequence, kind, resource, action }: ChangeOfRequest) {
  return { sequence, kind, resource, action };
}
