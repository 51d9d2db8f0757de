import type { Change } from '#domain/change.ts';
import type { Fault } from '#domain/fault.ts';
import type { JsonObject, JsonValue } from '#http/parse-json.ts';
import type { DialectRoute, Part } from '../dialect.ts';
import { changeEmail } from '../representation.ts';
import { writeRules } from './asker.ts';
import { checkNewPassword, passwordPolicy } from './check-new-password.ts';
import { email, nonBlank } from './kinds.ts';
import { locale } from './locale.ts';
import { partsOf, readParameters, type Values } from './parameters.ts';
import { readMembers } from './read-request.ts';
import { refusal, type Said, sayOtherwise } from './refusal.ts';
import { answerSession, sessionShape } from './session-routes.ts';
import { strangerIn } from './stranger.ts';

const parameters = {
  site_name: { kind: nonBlank, about: 'A name for the site; it is checked and not kept.' },
  site_locale: { kind: locale, about: 'A language for the site; it is checked and not kept.', nullable: true },
  first_name: { kind: nonBlank, about: 'The given name.', nullable: true },
  last_name: { kind: nonBlank, about: 'The family name.', nullable: true },
  email: { kind: email, about: 'The e-mail, which is the name to sign in with too.' },
} as const;

/** The parameters lie in two objects; only their own names are told where one is wrong. */
function bodyParts(): Readonly<Record<string, Part>> {
  const { site_name, site_locale, ...person } = partsOf(parameters);
  const shapesOf = (parts: Readonly<Record<string, Part | undefined>>) =>
    Object.fromEntries(Object.entries(parts).flatMap(([name, part]) => (part ? [[name, part.shape]] : [])));
  return {
    token: { about: 'The `setup-token` of the properties.', shape: { type: 'string' }, required: true },
    user: {
      about: 'The first person, with a password.',
      shape: { type: 'object', properties: { ...shapesOf(person), password: { type: 'string' } } },
      required: true,
    },
    prefs: {
      about: 'Of the site.',
      shape: { type: 'object', properties: shapesOf({ site_name, site_locale }) },
      required: true,
    },
  };
}

function objectIn(value: JsonValue | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

function changesFrom({ email: address, first_name, last_name }: Values<typeof parameters>): readonly Change[] {
  const set = (path: string, value: string | null | undefined): readonly Change[] =>
    value ? [{ op: 'set', path, value }] : [];
  return [...changeEmail(address, {}), ...set('name.givenName', first_name), ...set('name.familyName', last_name)];
}

/** The words for a set-up that came to nothing. */
function wordsOf({ kind, details }: Fault): Said | undefined {
  if (kind === 'forbidden') return { word: 'alreadySetUp' };
  return kind === 'invalid_value' && details.attribute === 'token'
    ? { word: 'wrongSetupToken', field: 'token' }
    : undefined;
}

const setUp: DialectRoute = {
  ...{ method: 'POST', path: '/setup', about: 'Make the first person, a superuser, and sign in as him.', isOpen: true },
  body: bodyParts(),
  answers: { 200: { about: 'The session, also as a cookie; 403 once anybody is there.', shape: sessionShape } },
  assumed: [
    'Who was ever there counts, also when he is deleted by now.',
    'That somebody is there is said before anything else that is wrong, a wrong token after it.',
    '`site_name` may also stand in `user`; neither it nor `site_locale` is kept.',
  ],
  handle: async (context, parts) => {
    const { operations, settings } = parts;
    const body = await readMembers(context, parts.limits);
    const stranger = await strangerIn(context, parts);
    const setup = await operations.describeSetup(stranger.tenant);
    if (settings.metabase.setup === 'closed' || setup.isSetUp) throw refusal('forbidden', { word: 'alreadySetUp' });
    const token = body.token === setup.token ? setup.token : undefined;
    if (token === undefined) throw refusal('invalid_value', { word: 'wrongSetupToken', field: 'token' });
    const sent: JsonObject = { ...objectIn(body.user), ...objectIn(body.prefs) };
    const changes = changesFrom(readParameters(parameters, sent));
    const password = await checkNewPassword(objectIn(body.user).password, settings);
    const how = { policy: passwordPolicy(settings), sessionPolicy: 'fixed', rules: writeRules } as const;
    const wish = { ...stranger, ...how, token, changes, password };
    const { token: session } = await sayOtherwise(operations.setUpTenant(wish), wordsOf);
    return answerSession(context, parts, session);
  },
};

/** Setting up a server on which nobody is: 3.4. */
export const setupRoutes: readonly DialectRoute[] = [setUp];
