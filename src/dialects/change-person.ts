import { type Caller, checkMayWrite } from '#domain/caller.ts';
import { Fault } from '#domain/fault.ts';
import type { Namespace, Person } from '#domain/person.ts';
import type { RequestRecord } from '#http/request-record.ts';
import type { Update } from '#operations/update.ts';
import type { DialectParts } from './dialect.ts';

/** How often a person is read again because somebody else changed him in the meantime. */
const triesMax = 5;

/** Who changes a person, and the record of the request, which hears whom. */
export interface Changer {
  readonly caller: Caller;
  readonly record: Pick<RequestRecord, 'resource'>;
}

/**
 * Reads the person with this key and changes him as `makeWish` says of what was read. Gives the way to read him as he is
 * then, for who wants to know. What others change in the meantime is not lost: he is read again and the wish is made anew.
 * A wish for nothing is not carried out, but a connection that may change nobody hears so. Raises what `makeWish`,
 * `getPerson` and `updatePerson` raise.
 */
export async function changePerson(
  { operations }: DialectParts,
  { caller, record }: Changer,
  namespace: Namespace,
  key: string,
  makeWish: (person: Person) => Update,
  wanted = { groups: false },
): Promise<() => Promise<Person>> {
  if (caller.person === undefined) checkMayWrite(caller, 'User');
  for (let tries = 1; ; tries += 1) {
    const person = await operations.getPerson(caller, namespace, key, wanted);
    record.resource = person.id;
    const wish = makeWish(person);
    if (wish.changes.length === 0 && wish.groups === undefined) return async () => person;
    try {
      await operations.updatePerson(caller, person.id, { ...wish, ifVersions: [person.version] });
      return () => operations.getPersonById(caller, namespace, person.id, wanted);
    } catch (error) {
      if (!isOutdated(error) || tries === triesMax) throw error;
    }
  }
}

function isOutdated(error: unknown): boolean {
  return error instanceof Fault && error.kind === 'precondition_failed';
}
