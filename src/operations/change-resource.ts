import type { Values } from '#attributes/attribute.ts';
import type { ResourceType } from '#attributes/resource-type.ts';
import { applyChanges } from '#domain/apply-changes.ts';
import { type Caller, mayWrite } from '#domain/caller.ts';
import { checkBoundChange, keepFranchisee } from '#domain/check-bound.ts';
import { checkGrants } from '#domain/check-grants.ts';
import { checkOwnAccount } from '#domain/check-own-account.ts';
import { endsProtected, endsSuperuser } from '#domain/check-protected.ts';
import { checkResource } from '#domain/check-resource.ts';
import { differenceOf } from '#domain/difference.ts';
import { readValues, referencesOf } from '#domain/document.ts';
import { Fault } from '#domain/fault.ts';
import { checkOwnName } from '#domain/own-paths.ts';
import { withUnseen } from '#domain/unseen-references.ts';
import { withoutReferences } from '#domain/without-references.ts';
import { appendJournal } from '#journal/append-journal.ts';
import type { Tx } from '#store/database.ts';
import { saveExternalId } from '#store/external-ids.ts';
import { type Locked, lockResource } from '#store/find-resource.ts';
import { managesSomeGroup } from '#store/group-managers.ts';
import { holdGroup } from '#store/group-members.ts';
import { unseenOf } from '#store/labels.ts';
import { saveResource, touchResource } from '#store/save-resource.ts';
import { replaceGroups } from './change-groups.ts';
import { changeMembers, type MembersChanged, replacesList } from './change-members.ts';
import { checkEmails } from './check-emails.ts';
import { checkGroupName } from './check-group-name.ts';
import { checkManager } from './check-manager.ts';
import { isOwn } from './check-may-try.ts';
import type { Done } from './check-removals.ts';
import { checkVersion } from './check-version.ts';
import type { Written } from './creation.ts';
import { type Kept, keepReferences } from './keep-references.ts';
import { keepSignIn, usablePassword } from './keep-sign-in.ts';
import { protectedFault } from './protected-fault.ts';
import type { ReadyUpdate, Update } from './update.ts';

/**
 * The work of an update inside its transaction. Gives what the guard of removals has to know. Raises what
 * `updateResource` and `updatePerson` raise.
 */
export async function changeResource(
  caller: Caller,
  tx: Tx,
  type: ResourceType,
  asked: string,
  wish: ReadyUpdate,
): Promise<Done<Written>> {
  if (type.name === 'User') await checkReaches(caller, tx, type, asked);
  const done = await lockAndChange(caller, tx, type, asked, wish);
  if (wish.groups === undefined) return done;
  const { resource, skipped } = done.result;
  const unknown = await replaceGroups(caller, tx, resource.id, wish.groups, wish.rules);
  return { ...done, result: { resource, skipped: [...skipped, ...unknown] } };
}

/** Who may change groups alone as their manager has to be one, before he hears whether there is such a person. */
async function checkReaches(caller: Caller, tx: Tx, type: ResourceType, id: string): Promise<void> {
  if (mayWrite(caller, 'User') || mayWrite(caller, 'Group') || isOwn(caller, type, id)) return;
  if (caller.person !== undefined && (await managesSomeGroup(tx, caller.tenant, caller.person))) return;
  throw new Fault('forbidden', 'only a manager of a group changes who is in it', { wrongCredential: true });
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
  if (isOwn(caller, type, resource.id)) checkOwnName(before, values);
  checkOwnAccount(caller, resource.id, before, values, wish.rules);
  await checkGroupName(tx, caller, type, resource.id, before, values, wish.rules);
  const membersChanged = members.added.length + members.removed.length > 0;
  const differences = differenceOf(type.attributes, before, values);
  checkBoundChange(caller, type, differences);
  if (isProtected && endsProtected(before, values)) throw await protectedFault(tx, caller.tenant, resource.id);
  await checkEmails(tx, caller, type, resource.id, before, values, wish.rules);
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
  const aside = await keepSignIn(caller, tx, type, person, password, wish.rules);
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
    ...(endsSuperuser(type, before, values, caller.person === resource.id) && { endedSuperuser: resource.id }),
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
