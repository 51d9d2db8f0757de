import { mayWrite } from '#domain/caller.ts';
import type { Person } from '#domain/person.ts';
import type { JsonObject } from '#http/parse-json.ts';
import type { Update } from '#operations/update.ts';
import { type Changer, changePerson } from '../change-person.ts';
import type { DialectParts, DialectRoute } from '../dialect.ts';
import { toChanges, valueAt } from '../representation.ts';
import { answerJson } from './answer.ts';
import { findManager, id, namespace, seeing, writeRules } from './asker.ts';
import { attributes, boolean, email, memberships, nonBlank } from './kinds.ts';
import { locale } from './locale.ts';
import {
  checkAllUsers,
  checkKnown,
  findGroups,
  isOtherSet,
  makesSuperuser,
  namesUnknown,
  storedGroups,
} from './memberships.ts';
import { checkActive, userShape, writeUser } from './one-user.ts';
import { partsOf, present, readParameters, type Values } from './parameters.ts';
import { readMembers } from './read-request.ts';
import { refusal, sayInstead } from './refusal.ts';
import { user } from './user.ts';

/** In the order in which they are looked at: 3.2. */
const parameters = {
  email: { kind: email, about: 'The e-mail; null leaves it.', nullable: true },
  first_name: { kind: nonBlank, about: 'The given name; null clears it.', nullable: true },
  is_group_manager: { kind: boolean, about: 'Ignored.', nullable: true },
  locale: { kind: locale, about: 'The language, such as `es_MX`; null clears it.', nullable: true },
  user_group_memberships: { kind: memberships, about: 'All groups, for superusers and managers.', nullable: true },
  id,
  is_superuser: {
    kind: boolean,
    about: 'Whether the person administers this directory; for superusers.',
    nullable: true,
  },
  login_attributes: {
    kind: attributes,
    about: 'What a sign-in passes on; for superusers. Null clears it.',
    nullable: true,
  },
  last_name: { kind: nonBlank, about: 'The family name; null clears it.', nullable: true },
} as const;

type Sent = Values<typeof parameters>;

const { id: _inPath, ...body } = partsOf(parameters);

/** 3.6.6. */
export const updateUser: DialectRoute = {
  ...{ method: 'PUT', path: '/user/:id{[0-9]+}', about: 'Change a person: oneself, or anybody as a superuser.' },
  body,
  answers: { 200: { about: 'The person as changed.', shape: userShape } },
  assumed: [
    'The last superuser is kept, also where only `is_superuser` is sent.',
    'Who becomes a superuser, or is one no longer, has to sign in again: his sessions end.',
    'A group that is not there is 400.',
    'In the free edition a manager of a group stays one.',
  ],
  handle: async (context, parts) => {
    const members = await readMembers(context, parts.limits);
    const sent = readParameters(parameters, { ...members, id: context.req.param('id') ?? null });
    const changed = changeOne(parts, await askerOf(parts, context.var), sent);
    const said = { word: 'emailOfAnother', field: 'email' } as const;
    return answerJson(context, writeUser(parts, await sayInstead(changed, 'already_exists', said)));
  },
};

/** Who changes a person, and as what. */
interface Asker extends Changer {
  readonly standing: 'superuser' | 'manager' | 'himself';
}

async function askerOf(parts: DialectParts, { caller, record }: Changer): Promise<Asker> {
  if (mayWrite(caller, 'User')) return { caller, record, standing: 'superuser' };
  const isManager = (await findManager(parts, caller)) !== undefined;
  return isManager ? { caller: seeing(caller), record, standing: 'manager' } : { caller, record, standing: 'himself' };
}

/** Who may not read the person hears of it before a group that is not there is told from one that is. */
async function changeOne(parts: DialectParts, asker: Asker, sent: Sent): Promise<Person> {
  const found = await findGroups(parts, asker.caller, sent.user_group_memberships ?? []);
  const makeWish = (person: Person) => wishFor(parts, asker, sent, found, person);
  const readBack = await changePerson(parts, asker, namespace, String(sent.id), makeWish, { groups: true });
  return readBack();
}

function wishFor(
  parts: DialectParts,
  asker: Asker,
  sent: Sent,
  found: ReadonlyMap<number, string>,
  person: Person,
): Update {
  checkActive(person);
  const { user_group_memberships: wanted } = sent;
  const fields = fieldsFor(asker, sent, person);
  checkSso(asker, fields, person);
  const isMoved = wanted ? checkMemberships(parts, asker, sent, found, person) : false;
  const isMade = wanted && isMoved && asker.standing === 'superuser' ? { is_superuser: makesSuperuser(wanted) } : {};
  return {
    changes: toChanges(user, { ...fields, ...isMade }, person.values),
    rules: writeRules,
    ...(wanted && isMoved && { groups: storedGroups(parts, found, wanted, person) }),
  };
}

/** What of a body takes effect depends on who sends it; the rest is dropped without a word. */
function fieldsFor({ caller, standing }: Asker, sent: Sent, person: Person): JsonObject {
  const { email: address, first_name, last_name, locale: language, is_superuser, login_attributes } = sent;
  const isAllowed = standing !== 'manager' || person.id === caller.person;
  return present({
    ...(isAllowed && { email: address, first_name, last_name, locale: language }),
    ...(standing === 'superuser' && { is_superuser, login_attributes }),
  });
}

/** Who came through a single sign-on keeps the name that he has there, and Google's and LDAP's people their e-mail. */
function checkSso({ standing }: Asker, fields: JsonObject, person: Person): void {
  const source = valueAt(person.values, 'muster.ssoSource');
  if (source === null) return;
  const isOther = (name: keyof typeof user) => fields[name] !== undefined && fields[name] !== user[name].write(person);
  const keepsEmail = (source === 'google' || source === 'ldap') && standing !== 'superuser';
  if (keepsEmail && fields.email !== null && isOther('email')) throw refusal('forbidden', { word: 'forbidden' });
  if (isOther('first_name')) throw refusal('invalid_value', { word: 'firstNameOfSso', field: 'first_name' });
  if (isOther('last_name')) throw refusal('invalid_value', { word: 'lastNameOfSso', field: 'last_name' });
}

/** Whether the person is to be in other groups than now. Raises the fault of each way in which that may not be. */
function checkMemberships(
  parts: DialectParts,
  { standing }: Asker,
  sent: Sent,
  found: ReadonlyMap<number, string>,
  person: Person,
): boolean {
  const { user_group_memberships: wanted, is_superuser } = sent;
  if (!wanted) return false;
  const makes = makesSuperuser(wanted);
  if (is_superuser !== undefined && is_superuser !== null && is_superuser !== makes) {
    throw refusal('invalid_value', { word: 'superuserUnlikeGroups', field: 'is_superuser' });
  }
  if (!isOtherSet(parts, person, wanted)) return false;
  const isEnterprise = parts.settings.metabase.edition === 'enterprise';
  if (standing === 'himself') throw refusal('forbidden', { word: isEnterprise ? 'membershipsForbidden' : 'forbidden' });
  checkAllUsers(wanted);
  // A group that is not there is one that he does not manage, as every other.
  const isBeyond = makes !== user.is_superuser.write(person) || namesUnknown(found, wanted);
  if (standing === 'manager' && isBeyond) throw refusal('forbidden', { word: 'forbidden' });
  checkKnown(found, wanted);
  return true;
}
