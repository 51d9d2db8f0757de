import type { Fault } from '#domain/fault.ts';
import type { DialectRoute } from '../dialect.ts';
import { answerJson, answerNothing } from './answer.ts';
import { checkNewPassword, passwordPolicy } from './check-new-password.ts';
import { setSessionCookies } from './cookies.ts';
import { email, secret } from './kinds.ts';
import { partsOf, readParameters } from './parameters.ts';
import { readMembers, readQuery } from './read-request.ts';
import { type Said, sayOtherwise, tooMany } from './refusal.ts';
import { resetPage } from './reset-page.ts';
import { strangerIn } from './stranger.ts';

const emailParameters = { email: { kind: email, about: 'The e-mail.' } } as const;
const tokenParameters = { token: { kind: secret, about: 'The code of the mail.' } } as const;

const forgotPassword: DialectRoute = {
  ...{ method: 'POST', path: '/session/forgot_password', isOpen: true },
  about: 'Send a mail to choose a new password to whoever has this e-mail.',
  body: partsOf(emailParameters),
  answers: { 204: { about: 'Whether there is anybody or not.' } },
  assumed: ['After three mails within 15 minutes no more are sent to an address, although the answer is 204.'],
  handle: async (context, parts) => {
    const sent = readParameters(emailParameters, await readMembers(context, parts.limits));
    const wish = { ...(await strangerIn(context, parts)), email: sent.email, page: resetPage(parts, '') };
    const doing = parts.operations.requestPasswordReset(parts.mailer, wish);
    await sayOtherwise(doing, (fault) => (fault.kind === 'rate_limited' ? tooMany(fault, 'email', 400) : undefined));
    return answerNothing(context);
  },
};

/** The words for a reset that came to nothing: where an operation says `token`, Metabase says `password`. */
function wordsOf(fault: Fault): Said | undefined {
  if (fault.kind === 'rate_limited') return tooMany(fault, 'password', 400);
  if (fault.kind !== 'invalid_value') return undefined;
  return { word: fault.details.attribute === 'token' ? 'invalidResetToken' : 'passwordTooCommon', field: 'password' };
}

const resetPassword: DialectRoute = {
  ...{ method: 'POST', path: '/session/reset_password', isOpen: true },
  about: 'Choose a new password with the code of a mail, and sign in with it.',
  body: {
    ...partsOf(tokenParameters),
    password: { about: 'The new password.', shape: { type: 'string' }, required: true },
  },
  answers: {
    200: {
      about: 'The session, also as a cookie.',
      shape: {
        type: 'object',
        properties: { success: { type: 'boolean' }, session_id: { type: 'string', format: 'uuid' } },
        required: ['success', 'session_id'],
      },
    },
  },
  handle: async (context, parts) => {
    const body = await readMembers(context, parts.limits);
    const { token } = readParameters(tokenParameters, body);
    const password = await checkNewPassword(body.password, parts.settings);
    const how = { policy: passwordPolicy(parts.settings), sessionPolicy: 'fixed' } as const;
    const wish = { ...(await strangerIn(context, parts)), ...how, token, password };
    const { token: session = '' } = await sayOtherwise(parts.operations.completePasswordReset(wish), wordsOf);
    setSessionCookies(context, parts, session);
    return answerJson(context, { success: true, session_id: session });
  },
};

const isTokenValid: DialectRoute = {
  ...{ method: 'GET', path: '/session/password_reset_token_valid', isOpen: true },
  about: 'Say whether the code of a mail is good.',
  query: partsOf(tokenParameters),
  answers: {
    200: {
      about: 'Whether it is.',
      shape: { type: 'object', properties: { valid: { type: 'boolean' } }, required: ['valid'] },
    },
  },
  handle: async (context, parts) => {
    const { token: sent = null } = readQuery(context.req.url, ['token']);
    const { token } = readParameters(tokenParameters, { token: sent });
    const { tenant } = await strangerIn(context, parts);
    return answerJson(context, { valid: await parts.operations.isResetTokenGood(tenant, token) });
  },
};

/** Choosing a new password without the old one: 3.4. */
export const resetRoutes: readonly DialectRoute[] = [forgotPassword, resetPassword, isTokenValid];
