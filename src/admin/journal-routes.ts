import * as v from 'valibot';
import { numberAfter } from './page.ts';
import { route } from './route.ts';
import { id, inTenant, ofPage, pageMax, pageOf, time } from './values.ts';

const change = v.strictObject({
  path: v.pipe(v.string(), v.description('The path of an attribute, or the name of something beside the attributes.')),
  from: v.exactOptional(v.unknown()),
  to: v.exactOptional(v.unknown()),
  added: v.exactOptional(v.pipe(v.array(id), v.description('Members that came into a group.'))),
  removed: v.exactOptional(v.pipe(v.array(id), v.description('Members that left a group.'))),
});

const changes = v.array(change);
const sequence = v.pipe(v.number(), v.integer());

const entry = v.strictObject({
  sequence,
  at: time,
  connection: v.exactOptional(id),
  person: v.exactOptional(v.pipe(id, v.description('Who had signed in.'))),
  address: v.exactOptional(v.string()),
  dialect: v.string(),
  requestId: v.string(),
  kind: v.string(),
  resource: id,
  action: v.string(),
  changes,
  members: v.exactOptional(v.array(id)),
  removes: v.pipe(v.boolean(), v.description('Whether an active person was deactivated or deleted.')),
});

const named = v.strictObject({ id, name: v.exactOptional(v.string()) });

const moment = v.strictObject({
  sequence,
  at: time,
  what: v.string(),
  group: v.exactOptional(v.pipe(named, v.description('The group that was joined or left.'))),
  changes,
  isErased: v.pipe(v.boolean(), v.description('The personal data of this moment was erased.')),
  by: v.strictObject({
    connection: v.exactOptional(named),
    person: v.exactOptional(named),
    dialect: v.string(),
    requestId: v.string(),
    address: v.exactOptional(v.string()),
  }),
});

const timeline = v.strictObject({
  id,
  userName: v.exactOptional(v.string()),
  state: v.string(),
  items: v.array(moment),
  next: v.exactOptional(v.string()),
});

const past = v.strictObject({ state: v.string(), attributes: v.exactOptional(v.record(v.string(), v.unknown())) });

/** The journal: who changed what. `:user` is the id or userName of who is or was a person here. */
export const journalRoutes = [
  route(
    {
      ...{ method: 'GET', path: '/journal', operationId: 'listJournal', status: 200 },
      summary: 'Every change, newest first, by what changed, by who changed it and by time',
      query: v.strictObject({
        ...inTenant,
        ...ofPage,
        resource: v.exactOptional(v.pipe(id, v.description('The id of what changed.'))),
        connection: v.exactOptional(v.pipe(id, v.description('The id of the connection that changed it.'))),
        from: v.exactOptional(v.pipe(time, v.description('At this time or later.'))),
        to: v.exactOptional(v.pipe(time, v.description('Before this time.'))),
      }),
      answer: pageOf(entry),
    },
    async ({ operations, caller, query: { tenant: _, after, limit = pageMax, ...filters } }) => {
      const found = await operations.listJournal(caller, { ...filters, ...behind(after), count: limit });
      return { items: found.entries, ...nextOf(found.next) };
    },
  ),
  route(
    {
      ...{ method: 'GET', path: '/users/:user/timeline', operationId: 'readTimeline', status: 200 },
      summary: 'What happened to a person, newest first, also to one who is deleted',
      query: v.strictObject({ ...inTenant, ...ofPage, from: v.exactOptional(time) }),
      answer: timeline,
    },
    async ({ operations, caller, param, query: { after, limit = pageMax, from } }) => {
      const person = await operations.findPerson(caller, param('user'));
      const wish = { ...(from !== undefined && { from }), ...behind(after), count: limit };
      const { moments, next, ...facts } = await operations.readTimeline(caller, person, wish);
      return { ...facts, items: moments, ...nextOf(next) };
    },
  ),
  route(
    {
      ...{ method: 'GET', path: '/users/:user/state', operationId: 'stateAt', status: 200 },
      summary: 'What a person was at a moment',
      query: v.strictObject({ ...inTenant, at: time }),
      answer: past,
    },
    async ({ operations, caller, param, query: { at } }) =>
      operations.stateAt(caller, await operations.findPerson(caller, param('user')), at),
  ),
];

function behind(after: string | undefined) {
  const before = numberAfter(after);
  return before === undefined ? {} : { before };
}

function nextOf(next: number | undefined) {
  return next === undefined ? {} : { next: String(next) };
}
