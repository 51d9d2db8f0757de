import type { Caller } from '#domain/caller.ts';
import type { BuiltInGroup } from '#domain/group-choice.ts';
import type { Db } from '#store/database.ts';
import { countMembers, type GroupListing, type ListedGroup, listGroupRows } from '#store/list-groups.ts';
import { listPeopleIds } from '#store/list-people.ts';
import { groupsWithin, type ManagersMay } from './check-manages.ts';
import { superusersOnly } from './superusers-only.ts';

/** Which groups are wanted. Who sees only those that he manages sees none that are built in. */
export type GroupsWish = Omit<GroupListing, 'managedBy'> & ManagersMay;

/** A group and how many active people are in it directly; groups in it do not count. */
export type CountedGroup = ListedGroup & { readonly people: number };

/** The groups of the caller's tenant by name, those that are built in among them. Raises `forbidden`. */
export async function listGroups(caller: Caller, db: Db, wish: GroupsWish): Promise<readonly CountedGroup[]> {
  const { byManagers, ...listing } = wish;
  const { tenant, person } = caller;
  const own = (await groupsWithin(caller, db, 'read', wish)) === 'all' ? {} : { builtIn: {}, managedBy: person };
  const groups = await listGroupRows(db, tenant, { ...listing, ...own } as GroupListing);
  const ids = groups.flatMap((group) => ('id' in group ? [group.id] : []));
  const counts = await countMembers(db, caller, ids);
  return Promise.all(
    groups.map(async (group) => ({
      ...group,
      people: 'id' in group ? (counts.get(group.id) ?? 0) : await countBuiltIn(caller, db, group.builtIn, listing),
    })),
  );
}

async function countBuiltIn(
  caller: Caller,
  db: Db,
  group: BuiltInGroup,
  { namespace }: Pick<GroupListing, 'namespace'>,
): Promise<number> {
  const none = { namespace, active: true, order: 'name', page: { offset: 0, count: 0 } } as const;
  const { total } = await listPeopleIds(db, caller, group === 'everybody' ? none : { ...none, filter: superusersOnly });
  return total;
}
