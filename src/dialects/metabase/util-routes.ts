import type { DialectRoute } from '../dialect.ts';
import { answerJson } from './answer.ts';
import { checkNewPassword } from './check-new-password.ts';
import { readMembers } from './read-request.ts';

const checkPasswordRoute: DialectRoute = {
  ...{ method: 'POST', path: '/util/password_check', isOpen: true },
  about: 'Say whether a password may be chosen.',
  body: { password: { about: 'The password.', shape: { type: 'string' }, required: true } },
  answers: {
    200: {
      about: 'It may.',
      shape: { type: 'object', properties: { valid: { type: 'boolean' } }, required: ['valid'] },
    },
  },
  handle: async (context, { limits, settings }) => {
    const { password } = await readMembers(context, limits);
    await checkNewPassword(password, settings);
    return answerJson(context, { valid: true });
  },
};

const readHealth: DialectRoute = {
  ...{ method: 'GET', path: '/health', about: 'Say that the server is there.', isOpen: true },
  answers: {
    200: {
      about: 'It is.',
      shape: { type: 'object', properties: { status: { type: 'string' } }, required: ['status'] },
    },
  },
  assumed: ['It says nothing about the database; `/readyz` does.'],
  handle: (context) => answerJson(context, { status: 'ok' }),
};

/** What a client asks without being anybody. */
export const utilRoutes: readonly DialectRoute[] = [checkPasswordRoute, readHealth];
