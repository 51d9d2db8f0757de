import type { Values } from '#attributes/attribute.ts';
import type { ResourceType } from '#attributes/resource-type.ts';
import { applyChanges } from '#domain/apply-changes.ts';
import { type Caller, checkMayWrite } from '#domain/caller.ts';
import type { Change } from '#domain/change.ts';
import { checkBoundChange, checkNotBound, keepFranchisee } from '#domain/check-bound.ts';
import { checkGrants } from '#domain/check-grants.ts';
import { endsProtected, endsSuperuser } from '#domain/check-protected.ts';
import { checkResource } from '#domain/check-resource.ts';
import { differenceOf } from '#domain/difference.ts';
import { readValues, referencesOf } from '#domain/document.ts';
import { Fault } from '#domain/fault.ts';
import type { MemberChange } from '#domain/member-change.ts';
import { withUnseen } from '#domain/unseen-references.ts';
import { withoutReferences } from '#domain/without-references.ts';
import type { WriteRules } from '#domain/write-rules.ts';
import { appendJournal } from '#journal/append-journal.ts';
import type { Db, Tx } from '#store/database.ts';
import { saveExternalId } from '#store/external-ids.ts';
import { type Locked, lockResource } from '#store/find-resource.ts';
import { holdGroup } from '#store/group-members.ts';
import { withGroups } from '#store/groups-of-users.ts';
import { unseenOf, withLabels } from '#store/labels.ts';
import { saveResource, touchResource } from '#store/save-resource.ts';
import { changeMembers, type MembersChanged, replacesList } from './change-members.ts';
import { checkGroupName } from './check-group-name.ts';
import { checkManager, checkMayTryMembers } from './check-manager.ts';
import { type Done, guardRemovals } from './check-removals.ts';
import type { Written } from './creation.ts';
import { type Kept, keepReferences } from './keep-references.ts';
import { keepSignIn, usablePassword } from './keep-sign-in.ts';
import { protectedFault } from './protected-fault.ts';
import { type ReadyPassword, readyPassword } from './ready-password.ts';

/** What a caller wants to be different about one resource. */
export interface Update {
  readonly changes: readonly Change[];
  /** The new label of the caller's connection; null clears it, absent leaves it. */
  readonly externalId?: string | null;
  readonly members?: readonly MemberChange[];
  /** The change happens only if the resource has one of these versions. */
  readonly ifVersions?: readonly number[];
  readonly rules: WriteRules;
}

/** An update whose password, if it brings one, is hashed. */
interface ReadyUpdate extends Update {
  readonly password: ReadyPassword | undefined;
}

/**
 * Changes one resource, or nothing at all. Where nothing comes out different nothing is written and the version stays.
 * RFC 7644 sections 3.5.1 and 3.5.2. Raises `not_found`, `precondition_failed`, `already_exists`, `forbidden`,
 * `invalid_value` and what `applyChanges` raises.
 */
export async function updateResource(
  caller: Caller,
  db: Db,
  type: ResourceType,
  id: string,
  wish: Update,
): Promise<Written> {
  checkMayTry(caller, type, wish);
  const password = await readyPassword(caller, db, type, wish.changes, id);
  const written = await guardRemovals(caller, db, (tx) => lockAndChange(caller, tx, type, id, { ...wish, password }));
  const labelled = await withLabels(db, caller, [written.resource]);
  const [resource = written.resource] = type.name === 'User' ? await withGroups(db, caller.tenant, labelled) : labelled;
  return { ...written, resource };
}

/** Only who is in a group may be changed by somebody who may not change groups: by its managers. */
function checkMayTry(caller: Caller, type: ResourceType, wish: Update): void {
  const onlyMembers = type.name === 'Group' && wish.changes.length === 0 && wish.externalId === undefined;
  if (onlyMembers && wish.members?.length) checkMayTryMembers(caller);
  else checkMayWrite(caller, type.name);
  if (type.name === 'OrgUnit') checkNotBound(caller, type.name);
}

/**
 * Who adds or removes members does so before the group is held, as in `updateMembers`; who replaces the list, or wants a
 * version, holds it alone first.
 */
async function lockAndChange(
  caller: Caller,
  tx: Tx,
  type: ResourceType,
  asked: string,
  wish: ReadyUpdate,
): Promise<Done<Written>> {
  const { members = [], ifVersions, rules } = wish;
  const alone = ifVersions !== undefined || replacesList(members);
  const id = members.length === 0 ? asked : await holdGroup(tx, caller.tenant, asked, alone ? 'alone' : 'shared');
  if (members.length > 0) await checkManager(tx, caller, id, members);
  const early = id !== undefined && !alone ? await changeMembers(tx, caller, id, members, rules) : undefined;
  const locked = id === undefined ? undefined : await lockResource(tx, caller, type, id);
  if (locked === undefined) throw new Fault('not_found', `there is no such ${type.name}`);
  checkVersion(locked.resource.version, ifVersions);
  const changed = early ?? (await changeMembers(tx, caller, locked.resource.id, members, rules));
  return changeLocked(caller, tx, type, locked, wish, changed);
}

/** Raises `precondition_failed` unless the version is one of those asked for. RFC 7644 section 3.14. */
export function checkVersion(version: number, wanted: readonly number[] | undefined): void {
  if (wanted !== undefined && !wanted.includes(version)) {
    throw new Fault('precondition_failed', 'the resource has changed since this version');
  }
}

async function changeLocked(
  caller: Caller,
  tx: Tx,
  type: ResourceType,
  { resource, time, isProtected }: Locked,
  wish: ReadyUpdate,
  members: MembersChanged,
): Promise<Done<Written>> {
  const before = readValues(type, resource.document);
  const { values, skipped } = await valuesWanted(caller, tx, type, before, wish);
  await checkGroupName(tx, caller, type, resource.id, before, values, wish.rules);
  const membersChanged = members.added.length + members.removed.length > 0;
  const differences = differenceOf(type.attributes, before, values);
  checkBoundChange(caller, type, differences);
  if (isProtected && endsProtected(before, values)) throw await protectedFault(tx, caller.tenant, resource.id);
  const valuesChanged = differences.length > 0;
  const password = usablePassword(caller, { before, after: values }, isProtected, wish.password);
  const label = labelChange(resource.externalId, wish.externalId);
  const left = [...skipped, ...members.skipped];
  if (!membersChanged && !valuesChanged && label === undefined && password === undefined)
    return { result: { resource, skipped: left } };
  const saved = valuesChanged
    ? saveResource(tx, caller, type, resource, values, { time, differences })
    : touchResource(tx, caller, type, resource, time);
  const removes = type.name === 'User' && before.active !== false && values.active === false;
  const person = { id: resource.id, before, after: values };
  const aside = await keepSignIn(caller, tx, type, person, password);
  if (label !== undefined) saveExternalId(tx, caller, type, resource.id, label.to);
  appendJournal(tx, caller, {
    action: 'updated',
    kind: type.name,
    id: resource.id,
    differences: [...differences, ...aside],
    ...(label !== undefined && { externalId: label }),
    ...(membersChanged && { members }),
    removes,
  });
  const { externalId: _old, ...unlabelled } = saved;
  const now = label === undefined ? saved : { ...unlabelled, ...(label.to !== undefined && { externalId: label.to }) };
  return {
    result: { resource: now, skipped: left },
    ...(removes && { removed: resource.id }),
    ...(endsSuperuser(type, before, values) && { endedSuperuser: resource.id }),
  };
}

/** What the changes come to. They are made to what the caller sees; references that he does not see stay. */
async function valuesWanted(
  caller: Caller,
  tx: Tx,
  type: ResourceType,
  whole: Values,
  { changes, rules }: Update,
): Promise<Kept> {
  const unseen = await unseenOf(tx, caller, referencesOf(type, whole));
  const seen = unseen.length === 0 ? whole : withoutReferences(type, whole, unseen);
  const applied = checkResource(type, seen, applyChanges(type.attributes, seen, changes));
  const wanted = keepFranchisee(caller, type, seen, applied);
  checkGrants(caller, type, seen, wanted);
  const { values, skipped } = await keepReferences(tx, caller, type, seen, wanted, rules);
  return { values: unseen.length === 0 ? values : withUnseen(type, { whole, seen, unseen }, values), skipped };
}

function labelChange(from: string | undefined, wanted: string | null | undefined) {
  const to = wanted ?? undefined;
  if (wanted === undefined || from === to) return undefined;
  return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
}
