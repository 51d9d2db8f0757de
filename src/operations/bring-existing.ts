import { groupType, type ResourceType, userType } from '#attributes/resource-type.ts';
import type { Caller } from '#domain/caller.ts';
import { Fault } from '#domain/fault.ts';
import type { Holder } from '#domain/match-exported.ts';
import type { Namespace } from '#domain/person.ts';
import type { WriteRules } from '#domain/write-rules.ts';
import { appendJournal } from '#journal/append-journal.ts';
import { type BroughtId, checkNoneBrought, holdNamespace, saveBroughtIds } from '#store/brought-ids.ts';
import type { Tx } from '#store/database.ts';
import { renumberKeyUser, takeNumbers } from '#store/number-holders.ts';
import { holdReferred } from '#store/referred.ts';
import { addToGroups } from './add-to-groups.ts';
import { putOnRoll } from './create-resource.ts';
import type { ImportPlan, Moved } from './import-plan.ts';
import { broughtDifference } from './keep-brought-id.ts';

/** What has been done for those who are on the roll. */
export interface BroughtExisting {
  /** The ids of the groups, by their keys. */
  readonly groups: ReadonlyMap<string, string>;
  /** Who was shown under other ids, with those that they got. */
  readonly moved: { readonly people: readonly Moved[]; readonly groups: readonly Moved[] };
}

/**
 * Gives those who are on the roll the ids that they had in an old system, makes the groups that are missing, and puts people
 * into them. All of it at once, since two of them may change ids with one another. Raises
 * `precondition_failed` and `already_exists` when the roll has changed since the plan was made.
 */
export async function bringExisting(
  caller: Caller,
  tx: Tx,
  namespace: Namespace,
  { people, groups, targets, joining }: ImportPlan,
  rules: WriteRules,
): Promise<BroughtExisting> {
  holdNamespace(tx, caller.tenant, namespace);
  const moved = {
    people: await moveHolders(caller, tx, namespace, userType, people.moved),
    groups: await moveHolders(caller, tx, namespace, groupType, groups.moved),
  };
  await bring(caller, tx, namespace, userType, people.matched.map(keyed));
  const brought = groups.matched.map(keyed);
  await give(caller, tx, namespace, groupType, brought);
  const ids = new Map([...targets].flatMap(([key, { id }]) => (id === undefined ? [] : [[key, id] as const])));
  for (const { record, values } of groups.created) {
    const broughtId = { dialect: namespace.dialect, key: record.key };
    const wish = { broughtId, members: joining.get(record.key) ?? [], rules, changes: [], password: undefined };
    const { resource } = await (await putOnRoll(caller, tx, groupType, values, wish))();
    ids.set(record.key, resource.id);
  }
  const differences = new Map(brought.map(({ id, key }) => [id, [broughtDifference(namespace.dialect, key)]]));
  const made = new Set(groups.created.map(({ record }) => record.key));
  const rest = [...joining].filter(([key]) => !made.has(key)).map(([key, some]) => [ids.get(key) ?? '', some] as const);
  await addToGroups(caller, tx, new Map(rest), rules, differences);
  return { groups: ids, moved };
}

function keyed({ record, id }: { readonly record: { readonly key: string }; readonly id: string }): BroughtId {
  return { key: record.key, id };
}

async function bring(
  caller: Caller,
  tx: Tx,
  namespace: Namespace,
  type: ResourceType,
  brought: readonly BroughtId[],
): Promise<void> {
  await give(caller, tx, namespace, type, brought);
  for (const { id, key } of brought) {
    const differences = [broughtDifference(namespace.dialect, key)];
    appendJournal(tx, caller, { action: 'updated', kind: type.name, id, differences });
  }
}

/** Those who get an id are kept from being deleted until the transaction ends. */
async function give(
  caller: Caller,
  tx: Tx,
  namespace: Namespace,
  type: ResourceType,
  brought: readonly BroughtId[],
): Promise<void> {
  const ids = brought.map(({ id }) => id);
  const held = await holdReferred(tx, caller, type.name, ids);
  if (held.size < ids.length) {
    throw new Fault('precondition_failed', 'somebody whose id is brought along has just been deleted; try again');
  }
  await checkNoneBrought(tx, caller.tenant, type, namespace, ids);
  saveBroughtIds(tx, caller.tenant, type, namespace.dialect, brought);
}

/** Whoever is deleted is moved too: nobody may be taken for him. */
async function moveHolders(
  caller: Caller,
  tx: Tx,
  namespace: Namespace,
  type: ResourceType,
  moved: readonly Holder[],
): Promise<readonly Moved[]> {
  const numbers = await takeNumbers(tx, caller.tenant, type, moved.length);
  const given = moved.map(({ id, what, key }, index) => ({ id, what, from: key, key: numbers[index] ?? '' }));
  const keyUsers = given.filter(({ what }) => what === 'apiKey');
  const deleted = given.filter(({ what }) => what === 'deleted');
  await bring(
    caller,
    tx,
    namespace,
    type,
    given.filter(({ what }) => what === 'resource'),
  );
  saveBroughtIds(tx, caller.tenant, type, namespace.dialect, deleted);
  for (const { id, from, key } of keyUsers) {
    renumberKeyUser(tx, caller.tenant, id, key);
    const differences = [{ path: 'userNumber', from, to: key }];
    appendJournal(tx, caller, { action: 'updated', kind: 'Connection', id, differences });
  }
  return moved.map((holder, index) => ({ ...holder, newKey: numbers[index] ?? '' }));
}
