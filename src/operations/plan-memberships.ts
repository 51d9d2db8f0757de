import { groupType } from '#attributes/resource-type.ts';
import type { Caller } from '#domain/caller.ts';
import type { ExportedPerson, ExportedRecord } from '#domain/exported.ts';
import type { Namespace } from '#domain/person.ts';
import { broughtByKey } from '#store/brought-ids.ts';
import type { Db } from '#store/database.ts';
import { peopleAmong } from '#store/group-members.ts';
import type { GroupTarget, ImportPlan, ListPlan } from './import-plan.ts';

/**
 * Who joins which group. A membership comes along with the id of the person or that of the group, whichever comes later, and
 * never again: what was changed here since stays so.
 */
export async function planMemberships(
  { tenant }: Caller,
  db: Db,
  namespace: Namespace,
  people: ListPlan<ExportedPerson>,
  groups: ListPlan<ExportedRecord>,
): Promise<Pick<ImportPlan, 'targets' | 'joining' | 'memberships'>> {
  const fresh = [...people.created, ...people.matched].map(({ record }) => record);
  const named = [...fresh, ...people.unchanged.map(({ record }) => record)].flatMap((record) => record.groups);
  const brought = await broughtByKey(db, tenant, groupType, namespace, [...new Set(named)]);
  const targets = targetsOf(groups, brought);
  const wanted = new Map<string, string[]>();
  const want = (key: string, id: string) => {
    const ids = wanted.get(key) ?? [];
    ids.push(id);
    wanted.set(key, ids);
  };
  for (const { record, id } of people.matched) for (const key of record.groups) if (targets.has(key)) want(key, id);
  for (const { record, id } of people.unchanged) {
    for (const key of record.groups) if (targets.get(key)?.isNew) want(key, id);
  }
  const joining = await withoutMembers(db, tenant, targets, wanted);
  const first = people.created.flatMap(({ record }) => record.groups.filter((key) => targets.has(key)));
  const added = [...joining.values()].reduce((sum, ids) => sum + ids.length, first.length);
  const leftOut = fresh.reduce((sum, record) => sum + record.groups.filter((key) => !targets.has(key)).length, 0);
  return { targets, joining, memberships: { added, leftOut } };
}

function targetsOf(
  { created, matched, unchanged, refused }: ListPlan<ExportedRecord>,
  brought: ReadonlyMap<string, { readonly id: string; readonly isThere: boolean }>,
): ReadonlyMap<string, GroupTarget> {
  const before = [...brought].filter(([, { isThere }]) => isThere);
  const targets = new Map<string, GroupTarget>(before.map(([key, { id }]) => [key, { id, isNew: false }]));
  for (const { record } of refused) targets.delete(record.key);
  for (const { record } of created) targets.set(record.key, { isNew: true });
  for (const { record, id } of matched) targets.set(record.key, { id, isNew: true });
  for (const { record, id } of unchanged) targets.set(record.key, { id, isNew: false });
  return targets;
}

async function withoutMembers(
  db: Db,
  tenant: number,
  targets: ReadonlyMap<string, GroupTarget>,
  wanted: ReadonlyMap<string, readonly string[]>,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const groups = [...wanted.keys()].flatMap((key) => targets.get(key)?.id ?? []);
  const members = await peopleAmong(db, tenant, groups, [...new Set([...wanted.values()].flat())]);
  const joining = [...wanted].map(([key, ids]) => {
    const held = members.get(targets.get(key)?.id ?? '');
    return [key, [...new Set(ids)].filter((id) => !held?.has(id))] as const;
  });
  return new Map(joining.filter(([, ids]) => ids.length > 0));
}
