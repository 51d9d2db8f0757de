import * as v from 'valibot';
import { pageWithin } from './page.ts';
import { route } from './route.ts';
import { ofPage, pageOf, text, time } from './values.ts';

const tenant = v.strictObject({ name: v.string(), createdAt: time });

/** Tenants: rolls that know nothing of one another. */
export const tenantRoutes = [
  route(
    {
      ...{ method: 'GET', path: '/tenants', operationId: 'listTenants', status: 200 },
      summary: 'All tenants for an operator; for anybody else his own',
      query: v.strictObject(ofPage),
      answer: pageOf(tenant),
    },
    async ({ operations, caller, query }) => {
      const all = await operations.listTenants(caller);
      return pageWithin(
        all.map(({ name, createdAt }) => ({ name, createdAt })),
        query,
        ({ name }) => name,
      );
    },
  ),
  route(
    {
      ...{ method: 'POST', path: '/tenants', operationId: 'createTenant', status: 201 },
      summary: 'Make a tenant; for operators',
      body: v.strictObject({ name: text(256) }),
      answer: v.strictObject({ name: v.string() }),
    },
    async ({ operations, caller, body }) => {
      await operations.createTenant(caller, body.name);
      return body;
    },
  ),
];
