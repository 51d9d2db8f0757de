import { endSessions } from '#access/sessions.ts';
import { type ResourceType, resourceTypeOf } from '#attributes/resource-type.ts';
import { type Caller, checkMayWrite, noConnection } from '#domain/caller.ts';
import { checkNotBound } from '#domain/check-bound.ts';
import { checkGrants } from '#domain/check-grants.ts';
import { isActiveSuperuser } from '#domain/check-protected.ts';
import { type Difference, differenceOf } from '#domain/difference.ts';
import { readValues, referencesOf } from '#domain/document.ts';
import { Fault } from '#domain/fault.ts';
import { withoutReferences } from '#domain/without-references.ts';
import { appendJournal } from '#journal/append-journal.ts';
import { keepMembers } from '#store/change-members.ts';
import type { Db, Tx } from '#store/database.ts';
import { lockResource, lockToDelete } from '#store/find-resource.ts';
import { leaveGroups, raiseGroup } from '#store/group-members.ts';
import { type Referrer, referrersOf } from '#store/referred.ts';
import { deleteResource as deleteRows, saveResource } from '#store/save-resource.ts';
import { guardRemovals } from './check-removals.ts';
import { checkVersion } from './check-version.ts';
import { protectedFault } from './protected-fault.ts';

/**
 * Takes one resource off the roll with every reference to it: memberships, managers, org units of people. Its names are
 * free again, its ids never. RFC 7644 section 3.6. Raises `not_found`, `precondition_failed`, `forbidden`.
 */
export async function deleteResource(
  caller: Caller,
  db: Db,
  type: ResourceType,
  asked: string,
  ifVersions?: readonly number[],
): Promise<void> {
  checkMayWrite(caller, type.name);
  checkNotBound(caller, type.name);
  await guardRemovals(caller, db, async (tx) => {
    const locked = await lockToDelete(tx, caller, type, asked);
    if (locked === undefined) throw new Fault('not_found', `there is no such ${type.name}`);
    const { id } = locked.resource;
    checkVersion(locked.resource.version, ifVersions);
    const before = readValues(type, locked.resource.document);
    checkGrants(caller, type, before, {});
    if (locked.isProtected) throw await protectedFault(tx, caller.tenant, id);
    const removes = type.name === 'User' && before.active !== false;
    const removed = type.name === 'Group' ? await keepMembers(tx, { tenant: caller.tenant }, id, []) : [];
    const groups = await leaveGroups(tx, caller.tenant, id);
    if (type.name === 'User') await endSessions(tx, caller.tenant, id);
    deleteRows(tx, caller.tenant, type, id);
    appendJournal(tx, caller, {
      action: 'deleted',
      kind: type.name,
      id,
      differences: differenceOf(type.attributes, before, {}),
      ...(removed.length > 0 && { members: { added: [], removed } }),
      removes,
    });
    // What was the resource's own is gone by now, so it is not among them.
    const referrers = await referrersOf(tx, caller.tenant, id);
    for (const bereft of bereftOf(referrers, groups)) await forget(caller, tx, bereft, id);
    return {
      result: undefined,
      ...(removes && { removed: id }),
      ...(isActiveSuperuser(type, before) && { endedSuperuser: id }),
    };
  });
}

/** A resource that refers to what is gone, or a group that had it as a member, or both. */
interface Bereft extends Referrer {
  readonly refers: boolean;
  readonly wasMember: boolean;
}

/** Each once, in the order of their ids. */
function bereftOf(referrers: readonly Referrer[], groups: readonly string[]): Bereft[] {
  const referring = new Set(referrers.map(({ id }) => id));
  const joined = new Set(groups);
  const others = groups.filter((id) => !referring.has(id)).map((id) => ({ kind: 'Group' as const, id }));
  return [...referrers, ...others]
    .map(({ kind, id }) => ({ kind, id, refers: referring.has(id), wasMember: joined.has(id) }))
    .sort((one, two) => (one.id < two.id ? -1 : 1));
}

/** Takes what is gone out of one resource, with one new version and one journal row. */
async function forget(caller: Caller, tx: Tx, bereft: Bereft, gone: string): Promise<void> {
  const { kind, id, refers, wasMember } = bereft;
  const differences = refers ? await clearReferences(caller, tx, bereft, gone) : [];
  if (differences.length === 0 && !wasMember) return;
  if (differences.length === 0) raiseGroup(tx, caller.tenant, id);
  const members = { added: [], removed: [gone] };
  appendJournal(tx, caller, { action: 'updated', kind, id, differences, ...(wasMember && { members }) });
}

/** Saves a resource without its references to what is gone and gives what is different. */
async function clearReferences(
  caller: Caller,
  tx: Tx,
  { kind, id }: Referrer,
  gone: string,
): Promise<readonly Difference[]> {
  const type = resourceTypeOf(kind);
  // Those whom the caller does not see refer to it too.
  const { tenant, connection } = caller;
  const locked = await lockResource(tx, { tenant, connection }, type, id);
  if (locked === undefined) return [];
  const before = readValues(type, locked.resource.document);
  const references = referencesOf(type, before).filter((reference) => reference.id === gone);
  const after = withoutReferences(type, before, references);
  const differences = differenceOf(type.attributes, before, after);
  if (differences.length > 0) {
    // Whoever is bereft was not written by the caller, but by what happened to another.
    saveResource(tx, { tenant, connection: noConnection }, type, locked.resource, after, {
      time: locked.time,
      differences,
    });
  }
  return differences;
}
