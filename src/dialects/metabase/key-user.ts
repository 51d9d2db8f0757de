import type { JsonObject } from '#http/parse-json.ts';
import type { KeyUser } from '#operations/describe-key.ts';
import { administrators, allUsers } from './groups-of.ts';
import { inMicroseconds } from './user.ts';

/** The id of the user that Metabase itself is: what a connection is to clients that was not made as a key. */
export const internalUserId = 13_371_338;

/** The user that a key is, with the fields of 3.5. */
export function writeKeyUser({ connection, name, number, group, createdAt, updatedAt }: KeyUser): JsonObject {
  return {
    id: number ?? internalUserId,
    email: `api-key-user-${connection}@api-key.invalid`,
    ...{ date_joined: inMicroseconds(createdAt), first_name: name, last_name: '', last_login: null },
    ...{ is_superuser: group === 'superusers', is_qbnewb: true, sso_source: null, is_active: true },
    ...{ updated_at: inMicroseconds(updatedAt), login_attributes: null, locale: null, common_name: name },
  };
}

/** The ids of the groups of a key, in ascending order. */
export function groupIdsOfKey({ group }: Pick<KeyUser, 'group'>): readonly number[] {
  if (typeof group !== 'string') return [allUsers, Number(group.key)];
  return group === 'superusers' ? [allUsers, administrators] : [allUsers];
}
