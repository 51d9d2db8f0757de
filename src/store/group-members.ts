import { Fault } from '#domain/fault.ts';
import { isId } from '#domain/is-id.ts';
import type { Member } from '#domain/resource.ts';
import type { Db, Tx } from './database.ts';
import { listInParts } from './list-in-parts.ts';
import type { Viewer } from './viewer.ts';

const membersStatement = { name: 'members-of-groups', text: membersText('') };
const boundMembersStatement = { name: 'members-of-groups-bound', text: membersText(' and u.franchisee = $4') };

function membersText(more: string): string {
  return `select m.group_id, m.member, m.kind, coalesce(u.label, g.label) as label
  from group_member m
  left join app_user u on u.tenant = m.tenant and u.id = m.user_id
  left join app_group g on g.tenant = m.tenant and g.id = m.nested_group_id
  where m.tenant = $1 and m.group_id = any($2::uuid[])${more}
  order by m.group_id, m.member
  limit $3`;
}

/**
 * The members of some groups with their names, by the group's id, in the order of their own ids; for a viewer who is
 * bound those of his people alone. With `most`, raises `too_many` when they are more than that together.
 */
export async function membersOfGroups(
  db: Db,
  { tenant, franchisee }: Pick<Viewer, 'tenant' | 'franchisee'>,
  groups: readonly string[],
  most?: number,
): Promise<Map<string, Member[]>> {
  const values = [tenant, groups, most === undefined ? null : most + 1];
  const rows =
    franchisee === undefined
      ? await db.list({ ...membersStatement, values })
      : await db.list({ ...boundMembersStatement, values: [...values, franchisee] });
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

const amongStatement = {
  name: 'members-among',
  text: `select group_id, user_id from group_member
    where tenant = $1 and group_id = any($2::uuid[]) and user_id = any($3::uuid[])`,
};

/** Which of these people are in which of these groups directly: their ids, by that of the group. */
export async function peopleAmong(
  db: Db,
  tenant: number,
  groups: readonly string[],
  people: readonly string[],
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const rows =
    groups.length === 0 ? [] : await listInParts(db, amongStatement, people, (part) => [tenant, groups, part]);
  const members = new Map(groups.map((group) => [group, new Set<string>()]));
  for (const row of rows) members.get(row.group_id as string)?.add(row.user_id as string);
  return members;
}
