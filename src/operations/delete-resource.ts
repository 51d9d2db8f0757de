import { type ResourceType, resourceTypeOf } from '#attributes/resource-type.ts';
import { applyChanges } from '#domain/apply-changes.ts';
import { type Caller, checkRight } from '#domain/caller.ts';
import { checkGrants } from '#domain/check-grants.ts';
import { differenceOf } from '#domain/difference.ts';
import { readValues } from '#domain/document.ts';
import { Fault } from '#domain/fault.ts';
import { appendJournal } from '#journal/append-journal.ts';
import type { Db, Tx } from '#store/database.ts';
import { lockResource, lockToDelete } from '#store/find-resource.ts';
import { keepMembers, leaveGroups, raiseGroup } from '#store/group-members.ts';
import { type Referrer, referrersOf } from '#store/referred.ts';
import { deleteResource as deleteRows, saveResource } from '#store/save-resource.ts';
import { checkVersion } from './update-resource.ts';

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
  checkRight(caller, 'write');
  await db.transaction(async (tx) => {
    const locked = await lockToDelete(tx, caller, type, asked);
    if (locked === undefined) throw new Fault('not_found', `there is no such ${type.name}`);
    const { id } = locked.resource;
    checkVersion(locked.resource.version, ifVersions);
    const before = readValues(type, locked.resource.document);
    checkGrants(caller, type, before, {});
    for (const referrer of await referrersOf(tx, caller.tenant, id)) await forget(caller, tx, referrer, id);
    const removed = type.name === 'Group' ? await keepMembers(tx, caller.tenant, id, []) : [];
    const groups = await leaveGroups(tx, caller.tenant, id);
    deleteRows(tx, caller.tenant, type, id);
    appendJournal(tx, caller, {
      action: 'deleted',
      kind: type.name,
      id,
      differences: differenceOf(type.attributes, before, {}),
      ...(removed.length > 0 && { members: { added: [], removed } }),
    });
    for (const group of groups) {
      const members = { added: [], removed: [id] };
      appendJournal(tx, caller, { action: 'updated', kind: 'Group', id: group, differences: [], members });
      raiseGroup(tx, caller.tenant, group);
    }
  });
}

/** Takes a reference to the id out of a resource that has one. */
async function forget(caller: Caller, tx: Tx, { kind, id, path }: Referrer, gone: string): Promise<void> {
  const type = resourceTypeOf(kind);
  const locked = id === gone ? undefined : await lockResource(tx, caller, type, id);
  if (locked === undefined) return;
  const before = readValues(type, locked.resource.document);
  const { many } = attributeOf(type, path);
  const change = many ? { op: 'clear' as const, path, value: [{ value: gone }] } : { op: 'clear' as const, path };
  const after = applyChanges(type.attributes, before, [change]);
  const differences = differenceOf(type.attributes, before, after);
  saveResource(tx, caller.tenant, type, locked.resource, after, { time: locked.time, differences });
  appendJournal(tx, caller, { action: 'updated', kind, id, differences });
}

function attributeOf(type: ResourceType, path: string) {
  const [first = '', second] = path.split('.');
  const attribute = type.attributes[first];
  return (second === undefined ? attribute : attribute?.parts?.[second]) ?? { many: undefined };
}
