import { groupType } from '#attributes/resource-type.ts';
import { applyChanges } from '#domain/apply-changes.ts';
import type { Caller } from '#domain/caller.ts';
import { checkBoundChange } from '#domain/check-bound.ts';
import { type Difference, differenceOf } from '#domain/difference.ts';
import { readValues } from '#domain/document.ts';
import { Fault } from '#domain/fault.ts';
import { domainLimits } from '#domain/limits.ts';
import type { MemberChange, MemberDifference } from '#domain/member-change.ts';
import type { WriteRules } from '#domain/write-rules.ts';
import { appendJournal } from '#journal/append-journal.ts';
import type { Tx } from '#store/database.ts';
import { lockResource } from '#store/find-resource.ts';
import { groupsHeld } from '#store/group-managers.ts';
import { holdGroup, raiseGroup } from '#store/group-members.ts';
import { saveResource } from '#store/save-resource.ts';
import { changeMembers } from './change-members.ts';
import { checkManager, checkMayTryMembers } from './check-manager.ts';
import type { GroupWish } from './group-wish.ts';

/** How a person is to stand to one group. Who leaves it manages it no longer. */
export interface MembershipWish {
  readonly group: string;
  readonly to: 'member' | 'manager' | 'none';
}

/**
 * Puts a person, whom the transaction holds, into these groups and no others. Whom he is in through another group counts for
 * nothing here. Gives the ids that were no group's and were left out. Raises what `changeGroups` raises.
 */
export async function replaceGroups(
  caller: Caller,
  tx: Tx,
  person: string,
  wanted: readonly GroupWish[],
  rules: WriteRules,
): Promise<readonly string[]> {
  const held = await groupsHeld(tx, caller.tenant, person);
  const none = [...held.keys()].map((group) => ({ group, to: 'none' }) as const);
  const some = wanted.map(({ group, manages }) => ({ group, to: manages ? 'manager' : 'member' }) as const);
  return changeHeld(caller, tx, person, held, [...none, ...some], rules);
}

/**
 * Changes how a person, whom the transaction holds, stands to some groups; of two wishes for one group the later counts.
 * Each group that comes out different has one new version and one journal row. Gives the ids that were no group's and were
 * left out. Raises `invalid_value` for those where the rules refuse them, `forbidden` for a difference in a group that the
 * caller may not change, and `too_large`.
 */
export async function changeGroups(
  caller: Caller,
  tx: Tx,
  person: string,
  wishes: readonly MembershipWish[],
  rules: WriteRules,
): Promise<readonly string[]> {
  return changeHeld(caller, tx, person, await groupsHeld(tx, caller.tenant, person), wishes, rules);
}

/** A group to which a person is to stand otherwise than he does. */
interface Turn {
  readonly group: string;
  /** To come or to go; absent: he stays what he is. */
  readonly joins?: boolean;
  /** To become a manager or to be one no longer; absent: he stays what he is. */
  readonly manages?: boolean;
}

async function changeHeld(
  caller: Caller,
  tx: Tx,
  person: string,
  held: ReadonlyMap<string, boolean>,
  wishes: readonly MembershipWish[],
  rules: WriteRules,
): Promise<readonly string[]> {
  const last = new Map(wishes.map(({ group, to }) => [group.toLowerCase(), to]));
  const turns = [...last].flatMap(([group, to]) => turnTo(group, to, held.get(group))).sort(byGroup);
  if (turns.length > 0) checkMayTryMembers(caller);
  checkCount(turns.length);
  const moved: { readonly turn: Turn; readonly members: MemberDifference }[] = [];
  const unknown: string[] = [];
  for (const turn of turns) {
    const members = await moveMember(caller, tx, person, turn, rules);
    if (members === undefined) unknown.push(turn.group);
    else moved.push({ turn, members });
  }
  // Versions last, so that those who change other members of these groups wait for us briefly.
  for (const { turn, members } of moved) await closeTurn(caller, tx, person, turn, members);
  return unknown;
}

/** Each group costs some statements, and all of them are held until the last is done. */
function checkCount(count: number): void {
  const { groupsAtOnce } = domainLimits;
  if (count <= groupsAtOnce) return;
  const message = `one write can change how a person stands to ${groupsAtOnce} groups, not ${count}; send some of them in another`;
  throw new Fault('too_large', message);
}

/** `managed` is undefined for who is not in the group. */
function turnTo(group: string, to: MembershipWish['to'], managed: boolean | undefined): Turn[] {
  const joins = (to === 'none') === (managed !== undefined) ? { joins: to !== 'none' } : {};
  const manages = (to === 'manager') === (managed ?? false) ? {} : { manages: to === 'manager' };
  const turn = { group, ...joins, ...manages };
  return Object.keys(turn).length === 1 ? [] : [turn];
}

function byGroup(one: Turn, other: Turn): number {
  return one.group < other.group ? -1 : 1;
}

/** Undefined: there is no such group, and the rules let it be left out. */
async function moveMember(
  caller: Caller,
  tx: Tx,
  person: string,
  { group, joins }: Turn,
  rules: WriteRules,
): Promise<MemberDifference | undefined> {
  const changes: MemberChange[] = joins === undefined ? [] : [{ op: joins ? 'add' : 'remove', ids: [person] }];
  const id = await holdGroup(tx, caller.tenant, group, 'shared');
  await checkManager(tx, caller, id, changes);
  if (id !== undefined) return changeMembers(tx, caller, id, changes, rules);
  if (rules.unknownReference === 'skip') return undefined;
  throw new Fault('invalid_value', 'a group does not exist', { attribute: 'groups' });
}

async function closeTurn(caller: Caller, tx: Tx, person: string, { group, manages }: Turn, members: MemberDifference) {
  const differences = manages === undefined ? [] : await changeManager(caller, tx, group, person, manages);
  const moved = members.added.length + members.removed.length > 0;
  if (differences.length === 0 && !moved) return;
  if (differences.length === 0) raiseGroup(tx, caller.tenant, group);
  const { added, removed } = members;
  appendJournal(tx, caller, {
    ...{ action: 'updated', kind: 'Group', id: group, differences },
    ...(moved && { members: { added, removed } }),
  });
}

/** Saves the group with its new version. Gives what is different. */
async function changeManager(
  caller: Caller,
  tx: Tx,
  group: string,
  person: string,
  manages: boolean,
): Promise<readonly Difference[]> {
  const { tenant, connection } = caller;
  const locked = await lockResource(tx, { tenant, connection }, groupType, group);
  if (locked === undefined) return [];
  const before = readValues(groupType, locked.resource.document);
  const op = manages ? 'add' : 'clear';
  const after = applyChanges(groupType.attributes, before, [
    { op, path: 'muster.managers', value: [{ value: person }] },
  ]);
  const differences = differenceOf(groupType.attributes, before, after);
  checkBoundChange(caller, groupType, differences);
  if (differences.length > 0) {
    saveResource(tx, { tenant, connection }, groupType, locked.resource, after, { time: locked.time, differences });
  }
  return differences;
}
