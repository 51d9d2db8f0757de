import type { Caller } from '#domain/caller.ts';
import type { WriteRules } from '#domain/write-rules.ts';
import type { Db } from '#store/database.ts';
import { updatePerson } from './update-person.ts';

/** Gives or takes the flag superuser. Raises what `updatePerson` raises. */
export async function setSuperuser(
  caller: Caller,
  db: Db,
  person: string,
  to: boolean,
  rules: WriteRules,
): Promise<void> {
  await updatePerson(caller, db, person, { changes: [{ op: 'set', path: 'muster.superuser', value: to }], rules });
}
