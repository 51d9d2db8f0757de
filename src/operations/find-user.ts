import { allAttributes, userType } from '#attributes/resource-type.ts';
import type { Caller } from '#domain/caller.ts';
import { checkFilter } from '#domain/check-filter.ts';
import { Fault } from '#domain/fault.ts';
import { isId } from '#domain/is-id.ts';
import type { Resource } from '#domain/resource.ts';
import type { Db } from '#store/database.ts';
import { getResource } from './get-resource.ts';
import { listResources } from './list-resources.ts';

const wanted = { groups: true, members: false };

/** A user by the userName or the id, with his groups. Raises `forbidden`, `not_found`. */
export async function findUser(caller: Caller, db: Db, nameOrId: string): Promise<Resource> {
  const filter = checkFilter(allAttributes(userType), { op: 'eq', path: 'userName', value: nameOrId });
  const page = { offset: 0, count: 1 };
  const { resources } = await listResources(caller, db, { type: userType, filter, page, wanted });
  const [named] = resources;
  if (named !== undefined) return named;
  if (isId(nameOrId)) return getResource(caller, db, userType, nameOrId, wanted);
  throw new Fault('not_found', 'there is no user with this userName or id in this tenant');
}
