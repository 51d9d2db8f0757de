import { Fault } from '#domain/fault.ts';
import { isId } from '#domain/is-id.ts';
import type { Member } from '#domain/resource.ts';
import type { Db, Tx } from './database.ts';

const membersStatement = {
  name: 'members-of-groups',
  text: `select m.group_id, m.member, m.kind, coalesce(u.label, g.label) as label
  from group_member m
  left join app_user u on u.tenant = m.tenant and u.id = m.user_id
  left join app_group g on g.tenant = m.tenant and g.id = m.nested_group_id
  where m.tenant = $1 and m.group_id = any($2::uuid[])
  order by m.group_id, m.member
  limit $3`,
};

/**
 * The members of some groups with their names, by the group's id, in the order of their own ids. With `most`, raises
 * `too_many` when they are more than that together.
 */
export async function membersOfGroups(
  db: Db,
  tenant: number,
  groups: readonly string[],
  most?: number,
): Promise<Map<string, Member[]>> {
  const rows = await db.list({ ...membersStatement, values: [tenant, groups, most === undefined ? null : most + 1] });
  if (most !== undefined && rows.length > most) {
    throw new Fault(
      'too_many',
      'these groups have too many members for one answer; ask without members, or for fewer groups',
    );
  }
  const byGroup = new Map<string, Member[]>();
  for (const row of rows) {
    const members = byGroup.get(row.group_id as string) ?? [];
    members.push({ id: row.member as string, kind: row.kind as Member['kind'], label: row.label as string });
    byGroup.set(row.group_id as string, members);
  }
  return byGroup;
}

/** What became of the ids that were to be added to a group. */
export interface Added {
  /** Those that were not members before. */
  readonly added: readonly string[];
  /** Those that are nobody's. */
  readonly unknown: readonly string[];
}

const addStatement = {
  name: 'add-members',
  text: `with given as (select distinct id from unnest($3::uuid[]) as id),
    found as (
      select g.id, 'User' as kind from given g join app_user u on u.tenant = $1 and u.id = g.id
      union all
      select g.id, 'Group' from given g join app_group c on c.tenant = $1 and c.id = g.id
    ),
    added as (
      insert into group_member (tenant, group_id, member, kind)
      select $1, $2, id, kind from found order by id
      on conflict do nothing
      returning member
    )
    select array(select member from added)::text[] as added,
      array(select id from given where id not in (select id from found))::text[] as unknown`,
};

/** Adds members to a group in one statement, whatever the size of the group. Those who are members already stay. */
export async function addMembers(tx: Tx, tenant: number, group: string, ids: readonly string[]): Promise<Added> {
  const [row] = await tx.run(addStatement, [tenant, group, ids]);
  return { added: row?.added as string[], unknown: row?.unknown as string[] };
}

const removeStatement = {
  name: 'remove-members',
  text: `delete from group_member where tenant = $1 and group_id = $2 and member = any($3::uuid[]) returning member`,
};

/** Takes members out of a group in one statement. Gives those who were in it. */
export async function removeMembers(tx: Tx, tenant: number, group: string, ids: readonly string[]): Promise<string[]> {
  const rows = await tx.run(removeStatement, [tenant, group, ids]);
  return rows.map((row) => row.member as string);
}

const keepStatement = {
  name: 'keep-members',
  text: `delete from group_member m where m.tenant = $1 and m.group_id = $2
    and not exists (select from unnest($3::uuid[]) as kept where kept = m.member) returning m.member`,
};

/** Takes everybody out of a group but those with these ids. Gives those who left. */
export async function keepMembers(tx: Tx, tenant: number, group: string, ids: readonly string[]): Promise<string[]> {
  const rows = await tx.run(keepStatement, [tenant, group, ids]);
  return rows.map((row) => row.member as string);
}

const leaveStatement = {
  name: 'leave-groups',
  text: `delete from group_member where tenant = $1 and (user_id = $2 or nested_group_id = $2) returning group_id`,
};

/** Takes somebody out of every group he is directly in. Gives the groups, in the order of their ids. */
export async function leaveGroups(tx: Tx, tenant: number, member: string): Promise<string[]> {
  const rows = await tx.run(leaveStatement, [tenant, member]);
  return rows.map((row) => row.group_id as string).sort();
}

const raiseStatement = {
  name: 'raise-group',
  text: `update app_group set version = version + 1, modified_at = greatest(now(), modified_at)
    where tenant = $1 and id = $2 returning version, modified_at`,
};

/** Raises the version of a group whose members changed; last in its transaction, so that writers wait for one another briefly. */
export function raiseGroup(tx: Tx, tenant: number, group: string): void {
  tx.send(raiseStatement, [tenant, group]);
}

const holdStatements = {
  shared: { name: 'hold-group-shared', text: holdText('key share') },
  alone: { name: 'hold-group-alone', text: holdText('update') },
};

function holdText(strength: string): string {
  return `select id from app_group where tenant = $1 and id = $2 for ${strength}`;
}

/**
 * The group's id as it is written in the row; undefined where there is no such group. Does not read it. Who changes single members holds it `shared`, many at a time; who
 * replaces the list holds it `alone`, so that none of two lists written at once comes out mixed with the other, and
 * nobody waits for somebody who waits for him.
 */
export async function holdGroup(
  tx: Tx,
  tenant: number,
  group: string,
  how: 'shared' | 'alone',
): Promise<string | undefined> {
  if (!isId(group)) return undefined;
  const [row] = await tx.run(holdStatements[how], [tenant, group]);
  return row?.id as string | undefined;
}
