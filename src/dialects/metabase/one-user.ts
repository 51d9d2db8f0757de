import { Fault } from '#domain/fault.ts';
import type { Person } from '#domain/person.ts';
import type { JsonObject } from '#http/parse-json.ts';
import type { DialectParts, DialectRoute } from '../dialect.ts';
import { toWire } from '../representation.ts';
import { shapeOf } from '../shapes.ts';
import { answerJson } from './answer.ts';
import { findManager, namespace, readKey, seeing } from './asker.ts';
import { membershipsShape, writeMemberships } from './groups-of.ts';
import { user } from './user.ts';

/** A person with his groups, as the routes for one answer. */
export const userShape = shapeOf(user, { user_group_memberships: membershipsShape });

/** What `userShape` describes. */
export function writeUser({ settings }: DialectParts, person: Person): JsonObject {
  const { edition } = settings.metabase;
  return { ...toWire(user, person), user_group_memberships: writeMemberships(person, edition) };
}

/** 3.6.4. */
export const readUser: DialectRoute = {
  ...{
    method: 'GET',
    path: '/user/:id{[0-9]+}',
    about: 'Read one person: oneself, or anybody as a superuser or manager of a group.',
  },
  answers: { 200: { about: 'The person, active or not.', shape: userShape } },
  handle: async (context, parts) => {
    const { caller } = context.var;
    const key = readKey(context);
    const reader = (await findManager(parts, caller)) === undefined ? caller : seeing(caller);
    const person = await parts.operations.getPerson(reader, namespace, key, { groups: true });
    if (parts.settings.metabase.deactivated === 'missing') checkActive(person);
    return answerJson(context, writeUser(parts, person));
  },
};

/** Raises `not_found` for a person who is deactivated. */
export function checkActive({ values }: Person): void {
  if (values.active === false) throw new Fault('not_found', 'this person is deactivated');
}
