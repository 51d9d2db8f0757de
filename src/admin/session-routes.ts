import * as v from 'valibot';
import { signInApis } from '#dialects/index.ts';
import { Fault } from '#domain/fault.ts';
import { openRoute, route } from './route.ts';
import { choice, id, tenantOfStranger, text } from './values.ts';

/** How long people stay signed in here, and what a password must be: as on pages of our own. */
const own = { policy: 'own', sessionPolicy: 'own' } as const;

const token = v.pipe(v.string(), v.description('Goes into `Authorization: Bearer ...`; shown this once.'));
const password = text(1_024);
const api = v.exactOptional(
  v.pipe(choice(signInApis), v.description('The API that the session is for, and no other; `admin` when absent.')),
);

/** The session of who asks. Only a superuser's opens more than this. */
export const sessionRoutes = [
  openRoute(
    {
      ...{ method: 'POST', path: '/sessions', operationId: 'signIn', status: 201 },
      summary: 'Sign in with a name and a password',
      body: v.strictObject({
        tenant: tenantOfStranger,
        name: v.pipe(text(640), v.description('The userName or a primary e-mail.')),
        password,
        api,
      }),
      answer: v.strictObject({
        token,
        person: id,
        mustChangePassword: v.pipe(
          v.boolean(),
          v.description('The session is good for a new password alone, and for nothing in another `api`.'),
        ),
      }),
    },
    async ({ operations, origin, body: { name, password, tenant, api: dialect = 'admin' } }) => {
      const where = { ...origin, dialect, tenant: await operations.tenantOfStranger(tenant) };
      const { mustChange, ...rest } = await operations.signIn({ ...where, ...own, name, password });
      return { ...rest, mustChangePassword: mustChange };
    },
  ),
  route(
    {
      ...{ method: 'DELETE', path: '/sessions/current', operationId: 'signOut', status: 204, allowMustChange: true },
      summary: 'End the session that the request comes with',
    },
    async ({ operations, caller, token }) => {
      if (caller.person === undefined) throw new Fault('not_found', 'the request comes with the token of no session');
      await operations.signOut(caller, token);
    },
  ),
  route(
    {
      ...{ method: 'PUT', path: '/password', operationId: 'changePassword', status: 200, allowMustChange: true },
      summary: 'Choose another password; every session of who asks ends, and a new one begins',
      body: v.strictObject({ oldPassword: password, password }),
      answer: v.strictObject({ token }),
    },
    async ({ operations, caller, body }) => operations.changePassword(caller, { ...own, ...body }),
  ),
];
