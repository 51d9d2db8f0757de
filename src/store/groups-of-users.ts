import type { Membership, Resource } from '#domain/resource.ts';
import type { Db, Row } from './database.ts';

const directStatement = {
  name: 'direct-groups-of-users',
  text: `select m.user_id as member, g.id, g.label, true as direct, exists (
      select from group_member n where n.tenant = $1 and n.nested_group_id = m.group_id
    ) as nested
    from group_member m join app_group g on g.tenant = $1 and g.id = m.group_id
    where m.tenant = $1 and m.user_id = any($2::uuid[])
    order by m.user_id, g.id`,
};

const allStatement = {
  name: 'groups-of-users',
  text: `with recursive held (member, id, direct) as (
      select m.user_id, m.group_id, true from group_member m where m.tenant = $1 and m.user_id = any($2::uuid[])
      union
      select held.member, m.group_id, false from held join group_member m on m.tenant = $1 and m.nested_group_id = held.id
    )
    select h.member, h.id, g.label, h.direct
    from (select member, id, bool_or(direct) as direct from held group by member, id) h
    join app_group g on g.tenant = $1 and g.id = h.id
    order by h.member, h.id`,
};

/** Adds their groups, direct and indirect, to those users whose groups are not known yet. */
export async function withGroups(db: Db, tenant: number, users: readonly Resource[]): Promise<readonly Resource[]> {
  const unknown = users.filter(({ groups }) => groups === undefined).map(({ id }) => id);
  if (unknown.length === 0) return users;
  const known = await groupsOfUsers(db, tenant, unknown);
  return users.map((user) => (user.groups === undefined ? { ...user, groups: known.get(user.id) ?? [] } : user));
}

/** The groups of some users, each once, by the user's id. Only those whose groups are in other groups are asked about twice. */
async function groupsOfUsers(db: Db, tenant: number, users: readonly string[]): Promise<Map<string, Membership[]>> {
  const direct = await db.list({ ...directStatement, values: [tenant, users] });
  const nested = [...new Set(direct.filter((row) => row.nested).map((row) => row.member as string))];
  const all = nested.length === 0 ? [] : await db.list({ ...allStatement, values: [tenant, nested] });
  return new Map([...byMember(direct), ...byMember(all)]);
}

function byMember(rows: readonly Row[]): Map<string, Membership[]> {
  const byUser = new Map<string, Membership[]>();
  for (const row of rows) {
    const held = byUser.get(row.member as string) ?? [];
    held.push({ id: row.id as string, label: row.label as string, direct: row.direct as boolean });
    byUser.set(row.member as string, held);
  }
  return byUser;
}
