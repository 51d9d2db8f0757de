import type { Values } from '#attributes/attribute.ts';
import { userType } from '#attributes/resource-type.ts';
import type { Caller } from '#domain/caller.ts';
import { readValues } from '#domain/document.ts';
import type { Resource } from '#domain/resource.ts';
import { type DialectKey, listBrought } from '#store/brought-ids.ts';
import type { Db } from '#store/database.ts';
import type { ExternalId } from '#store/external-ids.ts';
import { findUser } from './find-user.ts';
import { listExternalIds } from './list-external-ids.ts';

/** A user in the words of the domain, without what others say of him. */
export interface UserFacts {
  readonly id: string;
  readonly number: number;
  readonly objectId: string;
  readonly version: number;
  readonly active: boolean;
  readonly created: string;
  readonly modified: string;
  /** By the names of the attribute table; how the sign-ins went is among them. */
  readonly attributes: Values;
}

/** Everything that is known of a user. */
export interface DescribedUser extends UserFacts {
  readonly groups: readonly { readonly id: string; readonly name: string; readonly direct: boolean }[];
  /** By which ids the clients of an API know him where it is not his number, since they came along or he gave way. */
  readonly broughtIds: readonly DialectKey[];
  /** What each connection calls him. */
  readonly externalIds: readonly ExternalId[];
}

/** Everything that is known of a user, by the userName or the id. For admins. Raises `forbidden`, `not_found`. */
export async function describeUser(caller: Caller, db: Db, nameOrId: string): Promise<DescribedUser> {
  const user = await findUser(caller, db, nameOrId);
  const externalIds = await listExternalIds(caller, db, user.id);
  const broughtIds = await listBrought(db, caller.tenant, userType, user.id);
  const groups = (user.groups ?? []).map(({ id, label, direct }) => ({ id, name: label, direct }));
  return { ...factsOf(user), groups, broughtIds, externalIds };
}

/** What a user himself says. */
export function factsOf(user: Resource): UserFacts {
  const { active, ...attributes } = readValues(userType, user.document);
  return {
    id: user.id,
    number: user.number,
    objectId: user.objectId,
    version: user.version,
    active: active !== false,
    created: user.createdAt,
    modified: user.modifiedAt,
    attributes,
  };
}
