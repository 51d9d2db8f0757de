import { forgetFailedSignIns, nameToLimit, personToLimit } from '#access/sign-in-limits.ts';
import type { Values } from '#attributes/attribute.ts';
import { userType } from '#attributes/resource-type.ts';
import type { Caller } from '#domain/caller.ts';
import { checkMayUnlock } from '#domain/check-password-right.ts';
import { readValues } from '#domain/document.ts';
import { Fault } from '#domain/fault.ts';
import type { Db } from '#store/database.ts';
import { lockResource } from '#store/find-resource.ts';
import { forgetTries } from './forget-tries.ts';

/**
 * Lets a person who failed too often try again at once, by each of his names. Gives whether he was locked out. Needs the
 * right `admin` or `passwords`. Raises `forbidden`, `not_found`.
 */
export async function unlockUser(caller: Caller, db: Db, id: string): Promise<boolean> {
  checkMayUnlock(caller);
  const { person, values, wasLocked } = await db.transaction(async (tx) => {
    const locked = await lockResource(tx, caller, userType, id);
    if (locked === undefined) throw new Fault('not_found', 'there is no such User');
    const { resource } = locked;
    const cleared = await forgetTries(caller, tx, resource.id, false);
    return {
      person: resource.id,
      values: readValues(userType, resource.document),
      wasLocked: cleared?.lockedUntil !== undefined,
    };
  });
  const names = namesOf(values).map((name) => nameToLimit(caller.tenant, name));
  await forgetFailedSignIns(db, [personToLimit(caller.tenant, person), ...names]);
  return wasLocked;
}

function namesOf({ userName, emails = [] }: Values): string[] {
  const addresses = (emails as readonly Values[]).map(({ value }) => value);
  return [userName, ...addresses].filter((name) => typeof name === 'string');
}
