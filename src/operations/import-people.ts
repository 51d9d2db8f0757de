import { groupType, userType } from '#attributes/resource-type.ts';
import type { Caller } from '#domain/caller.ts';
import type { ExportedPerson } from '#domain/exported.ts';
import { Fault } from '#domain/fault.ts';
import { fold } from '#domain/fold.ts';
import type { WriteRules } from '#domain/write-rules.ts';
import { holdNamespace } from '#store/brought-ids.ts';
import type { Db } from '#store/database.ts';
import { moveNumbersPast } from '#store/number-holders.ts';
import { addToGroups } from './add-to-groups.ts';
import { bringExisting } from './bring-existing.ts';
import { putOnRoll } from './create-resource.ts';
import { type ImportPlan, type ImportWish, type PlannedCreate, type Refused, workOf } from './import-plan.ts';
import { planImport } from './plan-import.ts';

/** The rules of what an import writes: names and e-mails are each one's own, as in the systems that it is for. */
const rules: WriteRules = {
  unknownReference: 'refuse',
  groupNames: 'unique',
  emails: 'unique',
  ownAccount: 'free',
  passwords: 'unchecked',
  createOfDeactivated: 'refuse',
};

/** How far an import has come. */
export interface ImportProgress {
  readonly done: number;
  readonly all: number;
}

/** How many people are put on the roll in one transaction. */
const createdAtOnce = 200;

/**
 * Brings people and groups of an old system along: whatever concerns those who are here at once, then those who are new,
 * some at a time. What was brought along before stays as it is, so an import that was broken off is finished by the next.
 * Gives what it did; a person who could not be put on the roll is among those who were refused. Raises `forbidden`,
 * `already_exists` and `precondition_failed` when somebody changes the same groups at the same time, and `unavailable`.
 */
export async function* importPeople(
  caller: Caller,
  db: Db,
  wish: ImportWish,
): AsyncGenerator<ImportProgress, ImportPlan> {
  const { namespace, exported } = wish;
  const before = await planImport(caller, db, wish);
  const all = workOf(before);
  if (all === 0) return before;
  if (namespace.keys === 'number') await reserveNumbers(caller, db, exported);
  // From now on nobody gets a number that is a key, so what is in the way does not change any more.
  const plan = await planImport(caller, db, wish);
  const { groups, moved } = await db.transaction((tx) => bringExisting(caller, tx, namespace, plan, rules));
  const { created } = plan.people;
  const failed: Refused<ExportedPerson>[] = [];
  let done = workOf(plan) - created.length;
  yield { done, all };
  for (let from = 0; from < created.length; from += createdAtOnce) {
    const part = created.slice(from, from + createdAtOnce);
    failed.push(...(await createSome(caller, db, wish, part, groups)));
    done += part.length;
    yield { done, all };
  }
  const carriedOut = {
    ...plan,
    people: { ...plan.people, moved: moved.people },
    groups: { ...plan.groups, moved: moved.groups },
  };
  return withFailed(carriedOut, failed);
}

async function reserveNumbers(caller: Caller, db: Db, { people, groups }: ImportWish['exported']): Promise<void> {
  await db.transaction(async (tx) => {
    for (const [type, records] of [
      [userType, people],
      [groupType, groups],
    ] as const) {
      const highest = records.reduce((most, { key }) => (BigInt(key) > most ? BigInt(key) : most), 0n);
      if (highest > 0n) await moveNumbersPast(tx, caller.tenant, type, String(highest));
    }
  });
}

/** Those whom the roll refuses, since somebody else changes it at the same time; they keep nobody else from coming along. */
async function createSome(
  caller: Caller,
  db: Db,
  wish: ImportWish,
  people: readonly PlannedCreate<ExportedPerson>[],
  groups: ReadonlyMap<string, string>,
): Promise<readonly Refused<ExportedPerson>[]> {
  try {
    await createTogether(caller, db, wish, people, groups);
    return [];
  } catch (error) {
    if (!(error instanceof Fault) || error.kind === 'unavailable') throw error;
    const [only, ...others] = people;
    if (only !== undefined && others.length === 0) {
      return [{ record: only.record, conflict: { problem: 'failed', message: error.message } }];
    }
  }
  const failed: Refused<ExportedPerson>[] = [];
  for (const person of people) failed.push(...(await createSome(caller, db, wish, [person], groups)));
  return failed;
}

async function createTogether(
  caller: Caller,
  db: Db,
  { namespace }: ImportWish,
  people: readonly PlannedCreate<ExportedPerson>[],
  groups: ReadonlyMap<string, string>,
): Promise<void> {
  const { dialect } = namespace;
  // In one order, so that two writers of the same addresses wait for one another and not crosswise.
  const inOrder = [...people].sort((one, other) => (fold(one.record.name) < fold(other.record.name) ? -1 : 1));
  await db.transaction(async (tx) => {
    holdNamespace(tx, caller.tenant, namespace);
    const putting = inOrder.map(async ({ record, values }) => {
      const wish = { broughtId: { dialect, key: record.key }, rules, changes: [], password: undefined };
      const { resource } = await (await putOnRoll(caller, tx, userType, values, wish))();
      return { record, id: resource.id };
    });
    // The transaction must not end while one of them still sends.
    await Promise.allSettled(putting);
    const joining = new Map<string, string[]>();
    for (const { record, id } of await Promise.all(putting)) {
      for (const group of record.groups.flatMap((key) => groups.get(key) ?? [])) {
        const ids = joining.get(group) ?? [];
        ids.push(id);
        joining.set(group, ids);
      }
    }
    await addToGroups(caller, tx, joining, rules);
  });
}

function withFailed(plan: ImportPlan, failed: readonly Refused<ExportedPerson>[]): ImportPlan {
  if (failed.length === 0) return plan;
  const records = new Set(failed.map(({ record }) => record));
  const created = plan.people.created.filter(({ record }) => !records.has(record));
  return { ...plan, people: { ...plan.people, created, refused: [...plan.people.refused, ...failed] } };
}
