import { groupType } from '#attributes/resource-type.ts';
import { fold } from '#domain/fold.ts';
import type { BuiltInGroup } from '#domain/group-choice.ts';
import type { Namespace } from '#domain/person.ts';
import type { Db, Row } from './database.ts';
import { managedText } from './group-managers.ts';
import { keyOfRow } from './keys.ts';
import type { Page } from './list-resources.ts';
import type { Viewer } from './viewer.ts';

/** Which groups are listed, in the order of their folded names. */
export interface GroupListing {
  readonly namespace: Namespace;
  /** What the built-in groups are called; those that have no name are left out. */
  readonly builtIn: Readonly<Partial<Record<BuiltInGroup, string>>>;
  /** The person whose groups are meant: those that he manages. Absent: all. */
  readonly managedBy?: string;
  /** Absent: all. */
  readonly page?: Page;
}

/** A group of a list. */
export type ListedGroup =
  | { readonly builtIn: BuiltInGroup; readonly name: string }
  | { readonly id: string; readonly key: string; readonly name: string };

const statements = {
  number: { name: 'groups-by-number', text: listText('number') },
  objectId: { name: 'groups-by-object-id', text: listText('objectId') },
};

function listText(keys: Namespace['keys']): string {
  return `select p.built_in, p.id, p.name, ${keyOfRow(groupType, keys, '$2')} as key
    from (
      select b.built_in, null::uuid as id, b.name, b.name_key collate "C" as name_key, b.place as number
      from unnest($3::text[], $4::text[], $5::text[]) with ordinality as b (built_in, name, name_key, place)
      union all
      select null, g.id, g.label, v.text_key, g.number
      from app_group g
      join attribute_value v on v.tenant = $1 and v.owner = g.id and v.path = 'Group.displayName'
      where g.tenant = $1 and ($6::uuid is null or g.id in (${managedText('$6')}))
      order by name_key, number limit $7 offset $8
    ) p left join app_group r on r.tenant = $1 and r.id = p.id
    order by p.name_key, p.number`;
}

/** The groups of a tenant, those that are built in among them. */
export async function listGroupRows(db: Db, tenant: number, listing: GroupListing): Promise<readonly ListedGroup[]> {
  const { namespace, builtIn, managedBy, page } = listing;
  const named = Object.entries(builtIn);
  const names = named.map(([, name]) => name);
  const rows = await db.list({
    ...statements[namespace.keys],
    values: [
      ...[tenant, namespace.dialect, named.map(([group]) => group), names, names.map(fold)],
      ...[managedBy ?? null, page?.count ?? null, page?.offset ?? 0],
    ],
  });
  return rows.map(groupFrom);
}

function groupFrom({ built_in: builtIn, id, key, name }: Row): ListedGroup {
  if (builtIn !== null) return { builtIn: builtIn as BuiltInGroup, name: name as string };
  return { id: id as string, key: key as string, name: name as string };
}

// Of most groups nearly everybody is active: to count all and take off the others reads no row of a person who stays.
const countStatement = {
  name: 'count-members',
  text: `select group_id, sum(people)::bigint as people from (
      select m.group_id, count(*) as people from group_member m
      where m.tenant = $1 and m.group_id = any($2::uuid[]) and m.user_id is not null group by m.group_id
      union all
      select m.group_id, -count(*) from app_user u join group_member m on m.tenant = $1 and m.user_id = u.id
      where u.tenant = $1 and not u.active and m.group_id = any($2::uuid[]) group by m.group_id
    ) counted group by group_id`,
};
const boundCountStatement = {
  name: 'count-members-bound',
  text: `select m.group_id, count(*) as people
    from group_member m join app_user u on u.tenant = $1 and u.id = m.user_id and u.active and u.franchisee = $3
    where m.tenant = $1 and m.group_id = any($2::uuid[]) group by m.group_id`,
};

/** How many active people whom the viewer sees are in each of these groups directly, by the group's id; absent: none. */
export async function countMembers(
  db: Db,
  { tenant, franchisee }: Viewer,
  groups: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (groups.length === 0) return new Map();
  const values = [tenant, groups];
  const rows = await db.list(
    franchisee === undefined
      ? { ...countStatement, values }
      : { ...boundCountStatement, values: [...values, franchisee] },
  );
  return new Map(rows.map((row) => [row.group_id as string, row.people as number]));
}
