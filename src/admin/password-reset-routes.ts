import * as v from 'valibot';
import { openRoute } from './route.ts';
import { tenantOfStranger, text } from './values.ts';

/** How somebody who forgot his password chooses another, by a code that is sent to him. */
export const passwordResetRoutes = [
  openRoute(
    {
      ...{ method: 'POST', path: '/password-resets', operationId: 'requestPasswordReset', status: 204 },
      summary: 'Send a code to somebody who forgot his password; the answer is the same when there is nobody',
      body: v.strictObject({
        tenant: tenantOfStranger,
        email: v.pipe(text(640), v.description('The primary e-mail of the person.')),
      }),
    },
    async ({ operations, mailer, origin: { address }, body: { tenant, email } }) => {
      const from = address === undefined ? {} : { address };
      const wish = { tenant: await operations.tenantOfStranger(tenant), email, ...from };
      await operations.requestPasswordReset(mailer, wish);
    },
  ),
  openRoute(
    {
      ...{ method: 'POST', path: '/password-resets/complete', operationId: 'completePasswordReset', status: 204 },
      summary: 'Choose a new password with the code of a mail; every session and every other code of the person ends',
      body: v.strictObject({
        tenant: tenantOfStranger,
        token: v.pipe(text(128), v.description('The code of the mail, good for one use within 48 hours.')),
        password: text(1_024),
      }),
    },
    async ({ operations, origin, body: { tenant, token, password } }) => {
      const where = { ...origin, dialect: 'admin', tenant: await operations.tenantOfStranger(tenant) };
      await operations.completePasswordReset({ ...where, token, password, policy: 'own' });
    },
  ),
];
