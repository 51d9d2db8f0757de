import { checkMayWrite } from '#domain/caller.ts';
import type { Person } from '#domain/person.ts';
import type { Update } from '#operations/update.ts';
import { changePerson } from '../change-person.ts';
import type { DialectContext, DialectParts, DialectRoute } from '../dialect.ts';
import { changeTo, type Shape, toChanges, toWire, valueAt } from '../representation.ts';
import { shapeOf } from '../shapes.ts';
import { answerJson, answerSuccess } from './answer.ts';
import { namespace, readKey, seeing, writeRules } from './asker.ts';
import { refusal } from './refusal.ts';
import { hintsOf, user } from './user.ts';

/** The shape of the answer that says that it is done. */
export const successShape: Shape = {
  type: 'object',
  properties: { success: { type: 'boolean' } },
  required: ['success'],
};

/** 3.6.9. */
export const deactivateUser: DialectRoute = {
  ...{ method: 'DELETE', path: '/user/:id{[0-9]+}', about: 'Deactivate a person, for superusers.' },
  answers: { 200: { about: 'The person is deactivated.', shape: successShape } },
  assumed: ['An unknown id is 404.', 'Who is deactivated already is answered like who was not.'],
  handle: async (context, parts) => {
    await changeAsSuperuser(context, parts, ({ values }) => ({
      changes: values.active === false ? [] : [changeTo('active', false)],
      rules: writeRules,
    }));
    return answerSuccess(context);
  },
};

/** The sign-ins of Metabase that are not offered here; who came through one of them comes back with a password. */
const ownSources: readonly unknown[] = ['google', 'ldap'];

/** 3.6.7. */
export const reactivateUser: DialectRoute = {
  ...{ method: 'PUT', path: '/user/:id{[0-9]+}/reactivate', about: 'Take a deactivated person back, for superusers.' },
  answers: { 200: { about: 'The person, who is no superuser.', shape: shapeOf(user) } },
  handle: async (context, parts) => {
    const readBack = await changeAsSuperuser(context, parts, ({ values }) => {
      if (values.active !== false) throw refusal('invalid_value', { word: 'reactivateActive', isException: true });
      const isOwn = ownSources.includes(valueAt(values, 'muster.ssoSource'));
      return {
        changes: [
          changeTo('active', true),
          ...toChanges(user, { is_superuser: false }, values),
          ...(isOwn ? [changeTo('muster.ssoSource', null)] : []),
        ],
        rules: writeRules,
      };
    });
    return answerJson(context, toWire(user, await readBack()));
  },
};

const modals: readonly string[] = ['qbnewb', 'datasetnewb'];

/** 3.6.10. */
export const dismissHint: DialectRoute = {
  ...{ method: 'PUT', path: '/user/:id{[0-9]+}/modal/:modal', about: 'Note that a person has seen a hint.' },
  answers: { 200: { about: 'It is not shown again.', shape: successShape } },
  assumed: ['A hint that there is not is 400.'],
  handle: async (context, parts) => {
    const key = readKey(context);
    const modal = context.req.param('modal') ?? '';
    await changePerson(parts, context.var, namespace, key, ({ values }) => {
      if (!modals.includes(modal)) {
        throw refusal('invalid_value', { word: 'unknownModal', values: { modal }, isException: true });
      }
      const isKnown = hintsOf(values).includes(modal);
      return {
        changes: isKnown ? [] : [{ op: 'add', path: 'muster.dismissedHints', value: [modal] }],
        rules: writeRules,
      };
    });
    return answerSuccess(context);
  },
};

async function changeAsSuperuser(
  context: DialectContext,
  parts: DialectParts,
  makeWish: (person: Person) => Update,
): Promise<() => Promise<Person>> {
  const { caller, record } = context.var;
  const key = readKey(context);
  checkMayWrite(caller, 'User');
  return changePerson(parts, { caller: seeing(caller), record }, namespace, key, makeWish);
}
