import { userType } from '#attributes/resource-type.ts';
import type { Caller } from '#domain/caller.ts';
import type { DialectParts } from '../dialect.ts';
import { namespace, seeing, seesAll } from './asker.ts';

/** A stored group that the caller is in. */
interface OwnGroup {
  readonly id: string;
  readonly name: string;
}

/** The stored groups that a caller is in directly: a person's, or that of a key. */
export async function ownGroups({ operations }: DialectParts, caller: Caller): Promise<readonly OwnGroup[]> {
  if (caller.person === undefined) {
    const { group } = await operations.describeKey(caller, namespace);
    return typeof group === 'string' ? [] : [group];
  }
  const wanted = { groups: true, members: false };
  const { groups = [] } = await operations.getResource(seeing(caller), userType, caller.person, wanted);
  return groups.filter(({ direct }) => direct).map(({ id, label }) => ({ id, name: label }));
}

/** Whether a caller sees nobody but himself, since he is in one of the groups that the operator named. */
export async function isSandboxed(parts: DialectParts, caller: Caller): Promise<boolean> {
  const { edition, sandboxedGroups } = parts.settings.metabase;
  if (edition !== 'enterprise' || sandboxedGroups.length === 0 || seesAll(caller)) return false;
  return (await ownGroups(parts, caller)).some(({ name }) => sandboxedGroups.includes(name));
}
