import * as v from 'valibot';
import { numberAfter } from './page.ts';
import { route } from './route.ts';
import { id, inTenant, ofPage, pageMax, pageOf, text, time } from './values.ts';

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
      answer: v.strictObject({ ...facts, groups: v.array(group), externalIds: v.array(externalId) }),
    },
    async ({ operations, caller, param }) => operations.describeUser(caller, param('user')),
  ),
];
