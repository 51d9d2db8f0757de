import { type Caller, checkMayWrite } from '#domain/caller.ts';
import type { Change } from '#domain/change.ts';
import type { Person } from '#domain/person.ts';
import type { JsonObject, JsonValue } from '#http/parse-json.ts';
import type { Creation } from '#operations/creation.ts';
import type { DialectParts, DialectRoute } from '../dialect.ts';
import { changeTo, toChanges } from '../representation.ts';
import { answerJson } from './answer.ts';
import { namespace, seeing, writeRules } from './asker.ts';
import { attributes, email, type MembershipWish, memberships, nonBlank } from './kinds.ts';
import { checkAllUsers, checkKnown, findGroups, makesSuperuser, storedGroups } from './memberships.ts';
import { userShape, writeUser } from './one-user.ts';
import { partsOf, present, readParameters } from './parameters.ts';
import { readMembers } from './read-request.ts';
import { sayInstead } from './refusal.ts';
import { resetPage } from './reset-page.ts';
import { user } from './user.ts';

const parameters = {
  first_name: { kind: nonBlank, about: 'The given name.', nullable: true },
  last_name: { kind: nonBlank, about: 'The family name.', nullable: true },
  email: { kind: email, about: 'The e-mail, which is the name to sign in with too.' },
  user_group_memberships: { kind: memberships, about: 'All groups; group 1 must be among them.', nullable: true },
  login_attributes: { kind: attributes, about: 'What a sign-in passes on.', nullable: true },
} as const;

/** 3.6.5. */
export const createUser: DialectRoute = {
  ...{ method: 'POST', path: '/user', about: 'Put a person on the roll and send an invitation.' },
  body: {
    ...partsOf(parameters),
    password: {
      about: 'A password, which may be any; not in the documents, but old clients send it.',
      shape: { type: 'string' },
    },
  },
  answers: { 200: { about: 'The person.', shape: userShape } },
  assumed: ['A group that is not there is 400.'],
  handle: async (context, parts) => {
    const { caller } = context.var;
    const body = await readMembers(context, parts.limits);
    const { user_group_memberships: wanted, ...fields } = readParameters(parameters, body);
    checkMayWrite(caller, 'User');
    const groups = wanted ? await groupsFor(parts, caller, wanted) : [];
    const changes = changesFor(present({ ...fields, is_superuser: makesSuperuser(wanted ?? []) }), body.password);
    const person = await create(parts, caller, { changes, groups, rules: writeRules });
    context.var.record.resource = person.id;
    const invitation = { person: person.id, email: fields.email, page: resetPage(parts, '#new') };
    await parts.operations.invitePerson(caller, parts.mailer, invitation);
    return answerJson(context, writeUser(parts, person));
  },
};

async function groupsFor(parts: DialectParts, caller: Caller, wanted: readonly MembershipWish[]) {
  checkAllUsers(wanted);
  const found = await findGroups(parts, caller, wanted);
  checkKnown(found, wanted);
  return storedGroups(parts, found, wanted);
}

async function create({ operations }: DialectParts, caller: Caller, wish: Creation): Promise<Person> {
  const said = { word: 'emailInUse', field: 'email' } as const;
  const id = await sayInstead(operations.createPerson(caller, wish), 'already_exists', said);
  return operations.getPersonById(seeing(caller), namespace, id, { groups: true });
}

/** A new user is active. A password that is no text is ignored, as every parameter that the documents do not know. */
function changesFor(fields: JsonObject, password: JsonValue | undefined): readonly Change[] {
  const hasPassword = typeof password === 'string' && password !== '';
  return [
    changeTo('active', true),
    ...toChanges(user, fields, {}),
    ...(hasPassword ? [changeTo('password', password)] : []),
  ];
}
