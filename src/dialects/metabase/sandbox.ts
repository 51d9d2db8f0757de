import { userType } from '#attributes/resource-type.ts';
import type { Caller } from '#domain/caller.ts';
import type { DialectParts } from '../dialect.ts';
import { seeing, seesAll } from './asker.ts';

/** Whether a person sees nobody but himself, since he is in one of the groups that the operator named. */
export async function isSandboxed({ operations, settings }: DialectParts, caller: Caller): Promise<boolean> {
  const { edition, sandboxedGroups } = settings.metabase;
  if (edition !== 'enterprise' || sandboxedGroups.length === 0 || seesAll(caller)) return false;
  if (caller.person === undefined) return false;
  const wanted = { groups: true, members: false };
  const { groups = [] } = await operations.getResource(seeing(caller), userType, caller.person, wanted);
  return groups.some(({ label, direct }) => direct && sandboxedGroups.includes(label));
}
