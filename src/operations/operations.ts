import type { Db } from '#store/database.ts';
import { createResource } from './create-resource.ts';
import { deleteResource } from './delete-resource.ts';
import { getResource } from './get-resource.ts';
import { listResources } from './list-resources.ts';
import { updateMembers } from './update-members.ts';
import { updateResource } from './update-resource.ts';

type Arguments<Verb> = Verb extends (caller: infer C, db: Db, ...rest: infer R) => infer Result
  ? (caller: C, ...rest: R) => Result
  : never;

/** What every dialect can do with the roll; the caller comes first. */
export interface Operations {
  readonly createResource: Arguments<typeof createResource>;
  readonly getResource: Arguments<typeof getResource>;
  readonly listResources: Arguments<typeof listResources>;
  readonly updateResource: Arguments<typeof updateResource>;
  readonly updateMembers: Arguments<typeof updateMembers>;
  readonly deleteResource: Arguments<typeof deleteResource>;
}

/** The operations on one database. */
export function buildOperations(db: Db): Operations {
  return {
    createResource: (caller, ...rest) => createResource(caller, db, ...rest),
    getResource: (caller, ...rest) => getResource(caller, db, ...rest),
    listResources: (caller, ...rest) => listResources(caller, db, ...rest),
    updateResource: (caller, ...rest) => updateResource(caller, db, ...rest),
    updateMembers: (caller, ...rest) => updateMembers(caller, db, ...rest),
    deleteResource: (caller, ...rest) => deleteResource(caller, db, ...rest),
  };
}
