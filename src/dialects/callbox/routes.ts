import { newTemporaryPassword } from '#access/temporary-password.ts';
import { checkRight } from '#domain/caller.ts';
import { checkMayUnlock } from '#domain/check-password-right.ts';
import { Fault } from '#domain/fault.ts';
import type { Person } from '#domain/person.ts';
import type { WriteRules } from '#domain/write-rules.ts';
import type { JsonObject, JsonValue } from '#http/parse-json.ts';
import { changePerson } from '../change-person.ts';
import type { DialectContext, DialectRoute } from '../dialect.ts';
import { changeTo, toChanges, toWire } from '../representation.ts';
import { flagShape, listOf, objectOf, shapeOf, textShape } from '../shapes.ts';
import { streamList } from '../stream-list.ts';
import { change, creation } from './bodies.ts';
import { flag } from './kinds.ts';
import { permissionNames, permissionsShape } from './permissions.ts';
import { type Asked, namespace, staffRoute } from './staff-route.ts';
import { listedStaffUser, staffUser } from './user.ts';
import { words } from './words.ts';

/** How the API writes people: 1.4. */
const rules: WriteRules = {
  ...{ unknownReference: 'refuse', groupNames: 'free', createOfDeactivated: 'refuse' },
  ...{ emails: 'unique', ownAccount: 'kept', passwords: 'unchecked' },
};

const userShape = shapeOf(staffUser);
const passwordShape = objectOf({ user: userShape, temporary_password: textShape });
const messageShape = objectOf({ message: textShape });

const keptAccounts = 'Oneself and the last active superuser are not deactivated, deleted or demoted: 400.';
const uniqueEmails = 'The e-mail address is kept in lower case; one that anybody else has is refused with 400.';
const needsSuperuser = 'Only a superuser may do this; others hear 403.';

const collection = '/users';
const single = `${collection}/:user_id` as const;

/** Every route of the API: 1.2. */
export const routes: readonly DialectRoute[] = [
  staffRoute(
    {
      ...{ method: 'GET', path: collection, about: 'List the staff' },
      query: {
        include_inactive: { about: 'Also who is not active.', shape: flagShape, kind: flag },
      },
      answers: { 200: { about: 'The people.', shape: listOf(shapeOf(listedStaffUser)) } },
      assumed: [needsSuperuser, 'In the order of the ids.'],
    },
    async ({ caller, operations, query }, context) => {
      const who = query.include_inactive === true ? {} : { active: true };
      const { chunks } = await operations.listPeople(caller, { namespace, order: 'key', groups: false, ...who });
      return answer(context, await streamList(chunks, (person) => toWire(listedStaffUser, person)));
    },
  ),
  staffRoute(
    {
      ...{ method: 'POST', path: collection, about: 'Add a person to the staff', body: creation },
      answers: { 201: { about: 'The person, and the password to sign in with once.', shape: passwordShape } },
      assumed: [needsSuperuser, uniqueEmails, 'The temporary password is good for 72 hours and is shown once.'],
    },
    async ({ caller, operations, body }, context) => {
      const temporaryPassword = newTemporaryPassword();
      const changes = [changeTo('active', true), ...toChanges(staffUser, body, {})];
      const id = await operations.createPerson(caller, { changes, temporaryPassword, rules });
      context.var.record.resource = id;
      return answer(
        context,
        withPassword(await operations.getPersonById(caller, namespace, id), temporaryPassword),
        201,
      );
    },
  ),
  staffRoute(
    {
      ...{ method: 'GET', path: `${collection}/permissions/list`, about: 'List the permissions that there are' },
      answers: { 200: { about: 'Their names.', shape: permissionsShape } },
      assumed: [needsSuperuser, 'The names are those of the flags of a person, in their order.'],
    },
    async (_asked, context) => answer(context, JSON.stringify(permissionNames)),
  ),
  staffRoute(
    {
      ...{ method: 'GET', path: single, about: 'Show a person' },
      answers: { 200: { about: 'The person.', shape: userShape } },
      assumed: [needsSuperuser, 'An id that nobody has: 404.'],
    },
    async ({ caller, operations, key }, context) =>
      answer(context, shown(await operations.getPerson(caller, namespace, key))),
  ),
  staffRoute(
    {
      ...{ method: 'PATCH', path: single, about: 'Change a person', body: change },
      answers: { 200: { about: 'The person as changed.', shape: userShape } },
      assumed: [needsSuperuser, uniqueEmails, keptAccounts, 'What is not sent stays; null clears a name.'],
    },
    async (asked, context) => {
      const readBack = await changeStaff(asked, context, asked.body);
      return answer(context, shown(await readBack()));
    },
  ),
  staffRoute(
    {
      ...{ method: 'DELETE', path: single, about: 'Deactivate a person' },
      answers: { 200: { about: 'That it is done.', shape: messageShape } },
      assumed: [needsSuperuser, keptAccounts, 'The person stays, inactive; doing it again is 200 again.'],
    },
    async (asked, context) => {
      await changeStaff(asked, context, { is_active: false });
      return answer(context, JSON.stringify({ message: words.deleted }));
    },
  ),
  staffRoute(
    {
      ...{ method: 'POST', path: `${single}/reset-password`, about: 'Give a person a temporary password' },
      answers: { 200: { about: 'The person, and the password to sign in with once.', shape: passwordShape } },
      assumed: [needsSuperuser, 'The sessions of the person end, and whatever kept him from signing in.'],
    },
    async (asked, context) => {
      const { caller, operations } = asked;
      checkRight(caller, 'passwords');
      const id = await findId(asked, context);
      const { password = '' } = await operations.setPassword(caller, id, { temporary: true });
      return answer(context, withPassword(await operations.getPersonById(caller, namespace, id), password));
    },
  ),
  staffRoute(
    {
      ...{ method: 'POST', path: `${single}/unlock`, about: 'Let a person try again who failed to sign in too often' },
      answers: { 200: { about: 'That it is done.', shape: messageShape } },
      assumed: [needsSuperuser, 'Who is not locked out is unlocked too.'],
    },
    async (asked, context) => {
      checkMayUnlock(asked.caller);
      await asked.operations.unlockUser(asked.caller, await findId(asked, context));
      return answer(context, JSON.stringify({ message: words.unlocked }));
    },
  ),
];

/** Changes the person in the path as a body says, and gives the way to read him then. */
function changeStaff({ caller, parts, key }: Asked, { var: { record } }: DialectContext, body: JsonObject) {
  return changePerson(parts, { caller, record }, namespace, key, ({ values }) => ({
    changes: toChanges(staffUser, body, values),
    rules,
  }));
}

/**
 * The id of the person in the path, whom the caller may not see, which it notes. Raises `not_found`, from which only who may
 * do the rest may learn something.
 */
async function findId({ caller, operations, key }: Asked, { var: { record } }: DialectContext): Promise<string> {
  const id = (await operations.resolveKeys(caller, namespace, 'User', [key])).get(key);
  if (id === undefined) throw new Fault('not_found', 'there is no such User');
  record.resource = id;
  return id;
}

function shown(person: Person): string {
  return JSON.stringify(toWire(staffUser, person));
}

function withPassword(person: Person, password: string): string {
  const body: Readonly<Record<string, JsonValue>> = { user: toWire(staffUser, person), temporary_password: password };
  return JSON.stringify(body);
}

function answer(context: DialectContext, body: string | ReadableStream<Uint8Array>, status: 200 | 201 = 200): Response {
  return context.body(body, status, { 'Content-Type': 'application/json' });
}
