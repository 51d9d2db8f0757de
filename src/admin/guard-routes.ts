import * as v from 'valibot';
import { pageWithin } from './page.ts';
import { route } from './route.ts';
import { count, id, inTenant, ofPage, pageOf, time } from './values.ts';

const held = v.strictObject({
  connection: id,
  name: v.pipe(v.string(), v.description('What people call the connection.')),
  guard: v.string(),
  person: id,
  label: v.exactOptional(v.pipe(v.string(), v.description('What to call the person; absent when he is gone.'))),
  passed: v.pipe(v.boolean(), v.description('Let through, since the guard of the connection only tells.')),
  at: time,
});

/** The guard against mass changes: S-20. */
export const guardRoutes = [
  route(
    {
      ...{ method: 'GET', path: '/guard', operationId: 'listHeld', status: 200 },
      summary: 'Whom connections tried to deactivate or delete beyond their limits',
      query: v.strictObject({ ...inTenant, ...ofPage }),
      answer: pageOf(held),
    },
    async ({ operations, caller, query }) =>
      pageWithin(await operations.listHeld(caller), query, (one) => `${one.connection} ${one.person}`),
  ),
  route(
    {
      ...{ method: 'POST', path: '/connections/:connection/allowance', operationId: 'allowRemovals', status: 201 },
      summary: 'Let what is held of a connection pass when it tries again within the next hour',
      query: v.strictObject(inTenant),
      body: v.strictObject({
        more: v.exactOptional(
          v.pipe(count(1, 1_000_000_000), v.description('How many people; as many as are held now when absent.')),
        ),
      }),
      answer: v.strictObject({ connection: id, name: v.string(), more: v.number() }),
    },
    async ({ operations, caller, param, body }) => operations.allowRemovals(caller, param('connection'), body.more),
  ),
];
