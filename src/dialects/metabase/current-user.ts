import type { Caller } from '#domain/caller.ts';
import { isSuperuser } from '#domain/is-superuser.ts';
import type { Person } from '#domain/person.ts';
import type { JsonObject } from '#http/parse-json.ts';
import type { DialectParts, DialectRoute } from '../dialect.ts';
import { toWire } from '../representation.ts';
import { flagShape, shapeOf } from '../shapes.ts';
import { answerJson } from './answer.ts';
import { namespace, seeing } from './asker.ts';
import { groupIdsOf, managesAny } from './groups-of.ts';
import { groupIdsOfKey, writeKeyUser } from './key-user.ts';
import { inMicroseconds, user } from './user.ts';

/** The id of who set the server up. */
const installer = 1;
/** What there is none of here. */
const nothing = { has_question_and_dashboard: false, custom_homepage: null, has_model: false } as const;

const shape = shapeOf(user, {
  personal_collection_id: { type: 'integer' },
  group_ids: { type: 'array', items: { type: 'integer' } },
  ...{
    is_installer: flagShape,
    has_invited_second_user: flagShape,
    has_question_and_dashboard: flagShape,
    has_model: flagShape,
  },
  first_login: { type: 'string', format: 'date-time' },
  custom_homepage: { type: ['object', 'null'] },
});

/** 3.6.3. */
export const currentUser: DialectRoute = {
  ...{ method: 'GET', path: '/user/current', about: 'Read who is signed in.' },
  answers: { 200: { about: 'The person, with what the pages of Metabase ask first.', shape } },
  assumed: ['There are no questions, dashboards, models and home pages.'],
  handle: async (context, parts) => {
    const { caller } = context.var;
    if (caller.person === undefined) return answerJson(context, await currentKey(parts, caller));
    const person = await parts.operations.getOwnPerson(caller, namespace, { groups: true });
    return answerJson(context, { ...toWire(user, person), ...(await circumstances(parts, caller, person)) });
  },
};

/** With a key: the user that it is. */
async function currentKey({ operations, settings }: DialectParts, caller: Caller): Promise<JsonObject> {
  const key = await operations.describeKey(caller, namespace);
  const may = key.group === 'superusers';
  const written = writeKeyUser(key);
  return {
    ...{ ...written, personal_collection_id: written.id ?? null, group_ids: groupIdsOfKey(key) },
    ...{ is_installer: false, has_invited_second_user: false, first_login: written.date_joined ?? null, ...nothing },
    ...(settings.metabase.edition === 'enterprise' && { permissions: permissionsOf(may, false) }),
  };
}

async function circumstances(parts: DialectParts, caller: Caller, person: Person): Promise<JsonObject> {
  const isInstaller = Number(person.key) === installer;
  const firstLogin = await parts.operations.findFirstLogin(caller);
  return {
    personal_collection_id: Number(person.key),
    group_ids: groupIdsOf(person),
    is_installer: isInstaller,
    has_invited_second_user: isInstaller && (await countActive(parts, caller)) > 1,
    first_login: inMicroseconds(firstLogin ?? new Date().toISOString()),
    ...nothing,
    ...(parts.settings.metabase.edition === 'enterprise' && {
      permissions: permissionsOf(isSuperuser(person.values), managesAny(person)),
    }),
  };
}

async function countActive({ operations }: DialectParts, caller: Caller): Promise<number> {
  const page = { offset: 0, count: 0 };
  return (await operations.listPeople(seeing(caller), { namespace, active: true, order: 'name', page, groups: false }))
    .total;
}

function permissionsOf(may: boolean, is_group_manager: boolean): JsonObject {
  return {
    ...{ can_access_setting: may, can_access_subscription: may, can_access_monitoring: may },
    ...{ can_access_data_model: may, can_access_db_details: may, is_group_manager },
  };
}
