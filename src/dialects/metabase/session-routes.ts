import type { Fault } from '#domain/fault.ts';
import type { DialectContext, DialectParts, DialectRoute } from '../dialect.ts';
import { answerJson, answerNothing } from './answer.ts';
import { clearSessionCookies, setSessionCookies } from './cookies.ts';
import { findCaller } from './credential.ts';
import { nonBlank, secret } from './kinds.ts';
import { partsOf, readParameters } from './parameters.ts';
import { propertiesShape, writeProperties } from './properties.ts';
import { readMembers } from './read-request.ts';
import { refusal, type Said, sayOtherwise, tooMany } from './refusal.ts';
import { strangerIn } from './stranger.ts';

const parameters = {
  username: { kind: nonBlank, about: 'The e-mail, in any case.' },
  password: { kind: secret, about: 'The password.' },
} as const;

/** What a sign-in and a set-up answer. */
export const sessionShape = {
  type: 'object',
  properties: { id: { type: 'string', format: 'uuid' } },
  required: ['id'],
} as const;

/** Answers with a session that has begun, and gives it to the browser. */
export function answerSession(context: DialectContext, parts: DialectParts, id: string, remember = false): Response {
  setSessionCookies(context, parts, id, remember);
  return answerJson(context, { id });
}

/** The words for a sign-in that came to nothing. */
function wordsOf(fault: Fault): Said | undefined {
  if (fault.kind === 'rate_limited') return tooMany(fault, 'username', 401);
  if (fault.kind !== 'unauthenticated') return undefined;
  if (fault.details.inactive) return { word: 'accountDisabled', field: '_error' };
  return { word: 'passwordDidNotMatch', field: 'password' };
}

const signIn: DialectRoute = {
  ...{ method: 'POST', path: '/session', about: 'Sign in.', isOpen: true },
  body: {
    ...partsOf(parameters),
    remember: { about: 'Whether the cookie outlives the browser.', shape: { type: 'boolean' } },
  },
  answers: { 200: { about: 'The session, also as a cookie.', shape: sessionShape } },
  assumed: ['Who signs in with a temporary password has a session that is good for a new password alone, 403 else.'],
  handle: async (context, parts) => {
    const { remember, ...body } = await readMembers(context, parts.limits);
    const { username: name, password } = readParameters(parameters, body);
    const wish = { ...(await strangerIn(context, parts)), name, password, sessionPolicy: 'fixed' } as const;
    const { token } = await sayOtherwise(parts.operations.signIn(wish), wordsOf);
    return answerSession(context, parts, token, remember === true || remember === 'true');
  },
};

const signOut: DialectRoute = {
  ...{ method: 'DELETE', path: '/session', about: 'End the session that the request comes with.', isOpen: true },
  answers: { 204: { about: 'It is over; 404 where there is none.' } },
  handle: async (context, parts) => {
    const token = await findCaller(context, parts, true);
    if (token === undefined || context.var.caller.person === undefined)
      throw refusal('not_found', { word: 'notFound' });
    await parts.operations.signOut(context.var.caller, token);
    clearSessionCookies(context);
    return answerNothing(context);
  },
};

const readProperties: DialectRoute = {
  ...{ method: 'GET', path: '/session/properties', isOpen: true },
  about: 'Read the settings that are for everybody, with those for who is signed in, with those for a superuser.',
  answers: { 200: { about: 'The settings by name.', shape: propertiesShape } },
  assumed: [
    'There are those settings that clients are known to read, and their values where Muster has no such thing.',
  ],
  handle: async (context, parts) => {
    await findCaller(context, parts, true);
    return answerJson(context, await writeProperties(context, parts));
  },
};

/** Signing in and out, and what a client may know before it does: 3.4. */
export const sessionRoutes: readonly DialectRoute[] = [signIn, signOut, readProperties];
