import * as v from 'valibot';
import type { Caller } from '#domain/caller.ts';
import { isId } from '#domain/is-id.ts';
import type { Operations } from '#operations/operations.ts';
import { numberAfter } from './page.ts';
import { route } from './route.ts';
import { flag, id, inTenant, ofPage, pageMax, pageOf, text, time } from './values.ts';

const facts = {
  id,
  number: v.pipe(v.number(), v.integer()),
  objectId: v.string(),
  version: v.pipe(v.number(), v.integer()),
  active: v.boolean(),
  created: time,
  modified: time,
  attributes: v.pipe(
    v.record(v.string(), v.unknown()),
    v.description('By the names of the reference of attributes; how the sign-ins went is under `muster`.'),
  ),
};

const group = v.strictObject({ id, name: v.string(), direct: v.boolean() });
const externalId = v.strictObject({ connection: id, name: v.string(), value: v.string() });

const broughtIds = v.pipe(
  v.array(v.strictObject({ dialect: v.string(), key: v.string() })),
  v.description('By which ids the clients of an API know the person where it is not the number.'),
);

const session = v.strictObject({
  id: v.pipe(v.string(), v.description('Names the session where it is ended; nobody gets in with it.')),
  dialect: v.string(),
  policy: v.string(),
  createdAt: time,
  lastUsedAt: time,
  expiresAt: time,
  address: v.exactOptional(v.string()),
});

/** People as an admin sees them. `:user` is the id or the userName. */
export const userRoutes = [
  route(
    {
      ...{ method: 'GET', path: '/users', operationId: 'searchUsers', status: 200 },
      summary: 'People by the userName, by an e-mail, or all, in the order in which they were made',
      query: v.strictObject({
        ...inTenant,
        ...ofPage,
        userName: v.exactOptional(text()),
        email: v.exactOptional(text()),
      }),
      answer: pageOf(v.strictObject(facts)),
    },
    async ({ operations, caller, query: { after, limit = pageMax, userName, email } }) => {
      const offset = numberAfter(after) ?? 0;
      const asked = { ...(userName !== undefined && { userName }), ...(email !== undefined && { email }) };
      const { total, users } = await operations.searchUsers(caller, { ...asked, offset, count: limit });
      return { items: users, ...(offset + limit < total && { next: String(offset + limit) }) };
    },
  ),
  route(
    {
      ...{ method: 'GET', path: '/users/:user', operationId: 'describeUser', status: 200 },
      summary: 'Everything that is known of a person',
      query: v.strictObject(inTenant),
      answer: v.strictObject({ ...facts, groups: v.array(group), broughtIds, externalIds: v.array(externalId) }),
    },
    async ({ operations, caller, param }) => operations.describeUser(caller, param('user')),
  ),
  route(
    {
      ...{ method: 'GET', path: '/users/:user/sessions', operationId: 'listSessions', status: 200 },
      summary: 'Where a person is signed in',
      query: v.strictObject(inTenant),
      answer: pageOf(session),
    },
    async ({ operations, caller, param }) => ({
      items: await operations.listSessions(caller, await idOf(operations, caller, param('user'))),
    }),
  ),
  route(
    {
      ...{ method: 'DELETE', path: '/users/:user/sessions', operationId: 'endSessions', status: 200 },
      summary: 'End all sessions of a person',
      query: v.strictObject(inTenant),
      answer: v.strictObject({ ended: v.number() }),
    },
    async ({ operations, caller, param }) => ({
      ended: await operations.endUserSessions(caller, await idOf(operations, caller, param('user'))),
    }),
  ),
  route(
    {
      ...{ method: 'DELETE', path: '/users/:user/sessions/:session', operationId: 'endSession', status: 204 },
      summary: 'End one session of a person, by its id in the list',
      query: v.strictObject(inTenant),
    },
    async ({ operations, caller, param }) => {
      await operations.endUserSessions(caller, await idOf(operations, caller, param('user')), param('session'));
    },
  ),
  route(
    {
      ...{ method: 'POST', path: '/users/:user/unlock', operationId: 'unlockUser', status: 200 },
      summary: 'Let a person who failed to sign in too often try again at once',
      query: v.strictObject(inTenant),
      answer: v.strictObject({ wasLocked: v.boolean() }),
    },
    async ({ operations, caller, param }) => ({
      wasLocked: await operations.unlockUser(caller, await idOf(operations, caller, param('user'))),
    }),
  ),
  route(
    {
      ...{ method: 'PUT', path: '/users/:user/password', operationId: 'setPassword', status: 200 },
      summary: 'Set the password of a person, or make a temporary one, which is shown this once',
      query: v.strictObject(inTenant),
      body: v.strictObject({
        password: v.exactOptional(v.pipe(text(1_024), v.description('A temporary one is made when absent.'))),
        mustChange: v.exactOptional(v.pipe(flag, v.description('Whether he has to choose another at once.'))),
      }),
      answer: v.strictObject({ password: v.exactOptional(v.string()) }),
    },
    async ({ operations, caller, param, body: { password, mustChange } }) => {
      const must = mustChange === undefined ? {} : { mustChange };
      const wish = password === undefined ? ({ temporary: true } as const) : { password, ...must };
      return operations.setPassword(caller, await idOf(operations, caller, param('user')), wish);
    },
  ),
  route(
    {
      ...{ method: 'POST', path: '/users/:user/verified-emails', operationId: 'verifyEmails', status: 204 },
      summary: 'Say that the e-mails of a superuser are his, so that they serve sign-in again',
      query: v.strictObject(inTenant),
    },
    async ({ operations, caller, param }) => {
      await operations.verifyEmails(caller, await idOf(operations, caller, param('user')));
    },
  ),
];

/** The id of a person by the userName; an id is taken as it is, so that it need not be looked up twice. */
async function idOf(operations: Operations, caller: Caller, nameOrId: string): Promise<string> {
  return isId(nameOrId) ? nameOrId.toLowerCase() : (await operations.findUser(caller, nameOrId)).id;
}
