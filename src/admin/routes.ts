import * as v from 'valibot';
import { connectionRoutes } from './connection-routes.ts';
import { credentialRoutes } from './credential-routes.ts';
import { guardRoutes } from './guard-routes.ts';
import { journalRoutes } from './journal-routes.ts';
import { passwordResetRoutes } from './password-reset-routes.ts';
import { requestRoutes } from './request-routes.ts';
import { type AdminRoute, route } from './route.ts';
import { sessionRoutes } from './session-routes.ts';
import { tenantRoutes } from './tenant-routes.ts';
import { userRoutes } from './user-routes.ts';

const described = route(
  {
    ...{ method: 'GET', path: '/openapi.json', operationId: 'describe', status: 200 },
    summary: 'This API as an OpenAPI document',
    answer: v.looseObject({ openapi: v.string() }),
  },
  async ({ describe }) => ({ openapi: '', ...(await describe()) }),
);

/** Every route of our own API, in the order in which the reference shows them. */
export const adminRoutes: readonly AdminRoute[] = [
  ...tenantRoutes,
  ...connectionRoutes,
  ...credentialRoutes,
  ...guardRoutes,
  ...userRoutes,
  ...journalRoutes,
  ...requestRoutes,
  ...sessionRoutes,
  ...passwordResetRoutes,
  described,
];
