import { randomBytes } from 'node:crypto';
import { uuidv7 } from 'uuidv7';
import { hashPassword } from '#access/hash-password.ts';
import type { Values } from '#attributes/attribute.ts';
import type { ResourceType } from '#attributes/resource-type.ts';
import { applyChanges } from '#domain/apply-changes.ts';
import { type Caller, checkMayWrite, checkRight } from '#domain/caller.ts';
import { checkNotBound, keepFranchisee } from '#domain/check-bound.ts';
import { checkGrants } from '#domain/check-grants.ts';
import { checkResource } from '#domain/check-resource.ts';
import { differenceOf } from '#domain/difference.ts';
import { Fault } from '#domain/fault.ts';
import type { Resource } from '#domain/resource.ts';
import { appendJournal } from '#journal/append-journal.ts';
import type { Db, Tx } from '#store/database.ts';
import { holdExternalId } from '#store/external-ids.ts';
import { withLabels } from '#store/labels.ts';
import { insertResource } from '#store/save-resource.ts';
import { replaceGroups } from './change-groups.ts';
import { changeMembers } from './change-members.ts';
import { checkEmails } from './check-emails.ts';
import { checkGroupName } from './check-group-name.ts';
import type { Creation, Written } from './creation.ts';
import { keepBroughtId } from './keep-brought-id.ts';
import { keepReferences } from './keep-references.ts';
import { keepFirstPassword, usablePassword, withFirstState } from './keep-sign-in.ts';
import { type ReadyPassword, readyPassword } from './ready-password.ts';
import { isSameCreate, resumeCreate } from './resume-create.ts';

/**
 * Puts one resource on the roll. A create that is sent again gets the resource that it made, and a deactivated person
 * may be taken back (architecture.md, Identity). RFC 7644 section 3.3. Raises `already_exists`, `invalid_value`,
 * `forbidden` and what `applyChanges` raises.
 */
export async function createResource(caller: Caller, db: Db, type: ResourceType, wish: Creation): Promise<Written> {
  checkMayWrite(caller, type.name);
  checkNotBound(caller, type.name);
  const wanted = checkResource(type, undefined, applyChanges(type.attributes, {}, wish.changes));
  const values = keepFranchisee(caller, type, {}, wanted);
  checkGrants(caller, type, {}, values);
  const resumed = await resumeCreate(caller, db, type, wish, values);
  if (resumed !== undefined) return resumed;
  const password = await firstPassword(caller, db, type, wish);
  try {
    const made = await db.transaction((tx) => putOnRoll(caller, tx, type, values, { ...wish, password }));
    const written = await made();
    const [resource = written.resource] = await withLabels(db, caller, [written.resource]);
    return { ...written, resource };
  } catch (error) {
    // The same create may have been under way twice: the one that lost finds what the other made.
    const lost = error instanceof Fault && error.kind === 'already_exists';
    const resumedLate = lost ? await resumeCreate(caller, db, type, wish, values) : undefined;
    if (resumedLate === undefined) throw error;
    return resumedLate;
  }
}

/** A create whose password, if it brings one, is hashed. */
interface ReadyCreation extends Creation {
  readonly password: ReadyPassword | undefined;
}

async function firstPassword(caller: Caller, db: Db, type: ResourceType, { changes, temporaryPassword }: Creation) {
  if (temporaryPassword === undefined) return readyPassword(caller, db, type, changes);
  checkRight(caller, 'passwords');
  const hash = await hashPassword(temporaryPassword, 'second');
  return { password: temporaryPassword, hash, temporary: true } as const;
}

/**
 * Puts a resource that was checked on the roll, in a transaction of the caller's. Sends everything at once; what it gives is
 * asked for the resource, best when the commit has come back. Raises what `createResource` raises.
 */
export async function putOnRoll(caller: Caller, tx: Tx, type: ResourceType, wanted: Values, wish: ReadyCreation) {
  if (wish.externalId !== undefined) await checkFirst(tx, caller, type, wish, wish.externalId);
  const id = uuidv7();
  const { values: kept, skipped } = await keepReferences(tx, caller, type, {}, wanted, wish.rules);
  const password = usablePassword(caller, { before: {}, after: kept }, false, wish.password);
  const values = withFirstState(kept, password);
  await checkGroupName(tx, caller, type, id, {}, values, wish.rules);
  await checkEmails(tx, caller, type, id, {}, values, wish.rules);
  const made = insertResource(tx, caller, type, { ...wish, id, objectId: newObjectId(), values });
  made.catch(() => undefined);
  const brought = wish.broughtId === undefined ? [] : keepBroughtId(tx, caller, type, id, wish.broughtId);
  const aside = await keepFirstPassword(caller, tx, { id, after: values }, password, wish.rules);
  const members = wish.members?.length ? await addFirstMembers(tx, caller, id, made, wish) : undefined;
  appendJournal(tx, caller, {
    action: 'created',
    kind: type.name,
    id,
    differences: [...differenceOf(type.attributes, {}, values), ...aside, ...brought],
    ...(wish.externalId !== undefined && { externalId: { to: wish.externalId } }),
    ...(members !== undefined && { members: { added: members.added, removed: [] } }),
  });
  const noGroups = wish.groups?.length ? await addFirstGroups(tx, caller, id, made, wish) : [];
  return async () => ({ resource: await made, skipped: [...skipped, ...(members?.skipped ?? []), ...noGroups] });
}

/** Raises `already_exists` when the same create, sent twice at once, has made its resource in the meantime. */
async function checkFirst(tx: Tx, caller: Caller, type: ResourceType, wish: Creation, label: string): Promise<void> {
  if (isSameCreate(await holdExternalId(tx, caller, type, label), wish)) {
    throw new Fault('already_exists', 'the same create has just made this resource', { attribute: 'externalId' });
  }
}

async function addFirstMembers(tx: Tx, caller: Caller, id: string, made: Promise<Resource>, wish: Creation) {
  await made;
  return changeMembers(tx, caller, id, [{ op: 'add', ids: wish.members ?? [] }], wish.rules);
}

async function addFirstGroups(tx: Tx, caller: Caller, id: string, made: Promise<Resource>, wish: Creation) {
  await made;
  return replaceGroups(caller, tx, id, wish.groups ?? [], wish.rules);
}

/** 24 hexadecimal characters: what Idealist calls an id. Seconds first, so that they sort by age. */
function newObjectId(): string {
  const seconds = Math.floor(Date.now() / 1000)
    .toString(16)
    .padStart(8, '0');
  return seconds + randomBytes(8).toString('hex');
}
