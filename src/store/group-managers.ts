import { indexedLength } from './compare-key.ts';
import type { Db, Tx } from './database.ts';

/** How a person stands to a group of which he may be a manager. */
export interface Standing {
  /** He is one of its managers. */
  readonly manages: boolean;
  /** He is in it, directly or through another group. */
  readonly isMember: boolean;
  /** He is in each group above it, or manages it: whoever comes into this one comes into those too. */
  readonly holdsAbove: boolean;
  /** Among the ids that he names is a group that is not in it yet. */
  readonly nests: boolean;
}

/** The groups of which a person is a manager; takes the placeholder or the column of his id, behind `$1`, the tenant. */
export function managedText(person: string): string {
  return `select v.owner from attribute_value v where v.tenant = $1 and v.path = 'Group.muster.managers.value'
    and left(v.text_key, ${indexedLength}) = ${person}::text`;
}

const standingStatement = {
  name: 'standing-of-manager',
  text: `with recursive above (id) as (
      select $2::uuid
      union
      select m.group_id from above join group_member m on m.tenant = $1 and m.nested_group_id = above.id
    ), held (id) as (
      select m.group_id from group_member m where m.tenant = $1 and m.user_id = $3
      union
      select m.group_id from held join group_member m on m.tenant = $1 and m.nested_group_id = held.id
    ), managed (id) as (
      ${managedText('$3')}
    )
    select exists (select from managed where id = $2) as manages,
      exists (select from held where id = $2) as is_member,
      not exists (
        select from above where id <> $2 and id not in (select id from managed union all select id from held)
      ) as holds_above,
      exists (
        select from app_group g where g.tenant = $1 and g.id = any($4::uuid[]) and not exists (
          select from group_member m where m.tenant = $1 and m.group_id = $2 and m.nested_group_id = g.id
        )
      ) as nests`,
};

/** How a person stands to a group, and to what he wants to add to it. */
export async function standingOf(
  tx: Tx,
  tenant: number,
  group: string,
  person: string,
  ids: readonly string[],
): Promise<Standing> {
  const [row] = await tx.run(standingStatement, [tenant, group, person, ids]);
  return {
    manages: row?.manages === true,
    isMember: row?.is_member === true,
    holdsAbove: row?.holds_above === true,
    nests: row?.nests === true,
  };
}

const managesStatement = {
  name: 'manages-some-group',
  text: `select exists (${managedText('$2')}) as manages`,
};

/** Whether a person is a manager of any group. */
export async function managesSomeGroup(tx: Tx, tenant: number, person: string): Promise<boolean> {
  const [row] = await tx.run(managesStatement, [tenant, person]);
  return row?.manages === true;
}

const heldStatement = {
  name: 'direct-groups-with-manager',
  text: `select m.group_id as id, m.group_id in (${managedText('$2')}) as manages
    from group_member m where m.tenant = $1 and m.user_id = $2::uuid`,
};

/** The groups that a person is in directly, by their ids, and whether he is one of the managers of each. */
export async function groupsHeld(tx: Tx, tenant: number, person: string): Promise<Map<string, boolean>> {
  const rows = await tx.run(heldStatement, [tenant, person]);
  return new Map(rows.map((row) => [row.id as string, row.manages === true]));
}

const managedStatement = { name: 'groups-managed', text: managedText('$2') };

/** The ids of the groups of which a person is a manager. */
export async function groupsManaged(db: Db, tenant: number, person: string): Promise<readonly string[]> {
  return (await db.read(managedStatement, [tenant, person])).map((row) => row.owner as string);
}

const withinStatement = {
  name: 'managers-within',
  text: `select m.user_id as id from group_member m
    where m.tenant = $1 and m.group_id = $2 and m.user_id = any (array(
      select v.text_key::uuid from attribute_value v
      where v.tenant = $1 and v.owner = $2 and v.path = 'Group.muster.managers.value'
    ))`,
};

/** Those managers of a group who are in it directly. */
export async function managersWithin(tx: Tx, tenant: number, group: string): Promise<readonly string[]> {
  return (await tx.run(withinStatement, [tenant, group])).map((row) => row.id as string);
}
