import * as v from 'valibot';
import { Fault } from '#domain/fault.ts';
import { route } from './route.ts';
import { count, flag, id, inTenant, ofPage, pageMax, pageOf, text, time } from './values.ts';

const request = v.strictObject({
  at: time,
  sequence: v.number(),
  requestId: v.string(),
  dialect: v.string(),
  connection: v.exactOptional(id),
  person: v.exactOptional(v.pipe(id, v.description('Who had signed in.'))),
  address: v.exactOptional(v.string()),
  userAgent: v.exactOptional(v.string()),
  method: v.string(),
  route: v.string(),
  path: v.pipe(v.string(), v.description('Path and query as sent, without secrets.')),
  status: v.number(),
  fault: v.exactOptional(v.string()),
  detail: v.exactOptional(v.string()),
  durationMs: v.number(),
  resource: v.exactOptional(id),
  body: v.exactOptional(v.pipe(v.string(), v.description('As JSON text without secrets, cut where it is long.'))),
  skipped: v.exactOptional(v.pipe(v.array(v.string()), v.description('Names of what was left out.'))),
  changed: v.exactOptional(v.pipe(v.array(v.string()), v.description('Names of what was read as another value.'))),
  changes: v.pipe(
    v.array(v.strictObject({ sequence: v.number(), kind: v.string(), resource: id, action: v.string() })),
    v.description('The rows of the journal that came of it.'),
  ),
});

/** The request log: what clients sent and what was answered. */
export const requestRoutes = [
  route(
    {
      ...{ method: 'GET', path: '/requests', operationId: 'listRequestLog', status: 200 },
      summary: 'What clients sent and what was answered, newest first, with what changed',
      query: v.strictObject({
        ...inTenant,
        ...ofPage,
        connection: v.exactOptional(v.pipe(id, v.description('The id of the connection that sent it.'))),
        person: v.exactOptional(
          v.pipe(id, v.description('Who sent it, or whom it was about when it changed something or failed.')),
        ),
        requestId: v.exactOptional(text(64)),
        statusClass: v.exactOptional(v.pipe(count(1, 5), v.description('4 for every status from 400 to 499.'))),
        failed: v.exactOptional(v.pipe(flag, v.description('Only what was answered with 400 or more.'))),
        unauthenticated: v.exactOptional(
          v.pipe(flag, v.description('What was refused without a valid credential, of no tenant. For operators.')),
        ),
        from: v.exactOptional(v.pipe(time, v.description('At this time or later.'))),
        to: v.exactOptional(v.pipe(time, v.description('Before this time.'))),
      }),
      answer: pageOf(request),
    },
    async ({ operations, caller, query: { tenant: _, after, limit = pageMax, ...filters } }) => {
      const before = after === undefined ? {} : { before: readPlace(after) };
      const { requests, next } = await operations.listRequestLog(caller, { ...filters, ...before, count: limit });
      return { items: requests, ...(next !== undefined && { next: `${next.at}_${next.sequence}` }) };
    },
  ),
];

/** The time and the number of the last row of a page. */
function readPlace(after: string): { at: string; sequence: number } {
  const [, at = '', sequence] = /^([\dTZ:.+-]{20,35})_(\d{1,15})$/.exec(after) ?? [];
  if (sequence !== undefined && !Number.isNaN(Date.parse(at))) return { at, sequence: Number(sequence) };
  throw new Fault('invalid_value', 'after must be "next" of the page before', { attribute: 'after' });
}
