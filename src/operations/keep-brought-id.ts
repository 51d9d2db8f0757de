import type { ResourceType } from '#attributes/resource-type.ts';
import type { Caller } from '#domain/caller.ts';
import type { Difference } from '#domain/difference.ts';
import { saveBroughtIds } from '#store/brought-ids.ts';
import type { Tx } from '#store/database.ts';

/** What the journal says when the clients of a dialect know somebody by another id from now on. */
export function broughtDifference(dialect: string, key: string): Difference {
  return { path: `broughtIds.${dialect}`, to: key };
}

/** Keeps the id that a new resource had in a system that is replaced; travels with the commit. Gives what the journal says of it. */
export function keepBroughtId(
  tx: Tx,
  { tenant }: Caller,
  type: ResourceType,
  id: string,
  { dialect, key }: { readonly dialect: string; readonly key: string },
): readonly Difference[] {
  saveBroughtIds(tx, tenant, type, dialect, [{ id, key }]);
  return [broughtDifference(dialect, key)];
}
