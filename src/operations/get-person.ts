import { userType } from '#attributes/resource-type.ts';
import { type Caller, checkRight } from '#domain/caller.ts';
import { Fault } from '#domain/fault.ts';
import type { Namespace, Person } from '#domain/person.ts';
import type { Db } from '#store/database.ts';
import { findByKey } from '#store/keys.ts';
import { readPerson, type WantedOfPeople } from '#store/read-people.ts';

/**
 * The person whom the clients of a namespace know by this key, active or not. Who has not the right `read` reads himself
 * alone. Raises `not_found`, and `forbidden` for any other key, whether it is somebody's or not.
 */
export async function getPerson(
  caller: Caller,
  db: Db,
  namespace: Namespace,
  key: string,
  wanted: WantedOfPeople = { groups: false },
): Promise<Person> {
  const id = await findByKey(db, caller.tenant, userType, namespace, key);
  const mayRead = caller.rights.includes('read') || (caller.person !== undefined && caller.person === id);
  if (!mayRead) throw new Fault('forbidden', 'this needs the right "read"', { wrongCredential: true });
  return found(id === undefined ? undefined : await readPerson(db, caller, namespace, id, wanted));
}

/**
 * The person with this id, such as one who was just made or changed. Who has not the right `read` reads himself alone.
 * Raises `forbidden`, `not_found`.
 */
export async function getPersonById(
  caller: Caller,
  db: Db,
  namespace: Namespace,
  id: string,
  wanted: WantedOfPeople = { groups: false },
): Promise<Person> {
  if (caller.person !== id) checkRight(caller, 'read');
  return found(await readPerson(db, caller, namespace, id, wanted));
}

/** The person who is signed in. Raises `forbidden` for a caller who is none. */
export async function getOwnPerson(
  caller: Caller,
  db: Db,
  namespace: Namespace,
  wanted: WantedOfPeople = { groups: false },
): Promise<Person> {
  const { person } = caller;
  if (person === undefined) throw new Fault('forbidden', 'only somebody who is signed in has an account of his own');
  return found(await readPerson(db, caller, namespace, person, wanted));
}

function found(person: Person | undefined): Person {
  if (person === undefined) throw new Fault('not_found', 'there is no such User');
  return person;
}
