import { groupType, userType } from '#attributes/resource-type.ts';
import type { PersonMemberships, StoredMembership } from '#domain/membership.ts';
import type { Namespace } from '#domain/person.ts';
import type { Db, Row, Statement } from './database.ts';
import { managedText } from './group-managers.ts';
import { keyOfRow } from './keys.ts';
import { isSeen } from './seen.ts';
import type { Viewer } from './viewer.ts';

// Asked person by person, and the key of a group once for all who are in it: without statistics the planner may read all
// members of the tenant. A row for each membership: to put them together as JSON takes longer than all the rest.
const text = (keys: Namespace['keys'], seen: string) => `with person as materialized (
    select r.id, r.number, ${keyOfRow(userType, keys, '$2')} as key, exists (
      select from attribute_value v
      where v.owner = r.id and v.tenant = $1 and v.path = 'User.muster.superuser' and v.number_key = 1
    ) as superuser
    from app_user r where r.tenant = $1 and r.id = any($3::uuid[])${seen}
  ), held as materialized (
    select m.user_id, m.group_id, m.number from person p cross join lateral (
      select m.user_id, m.group_id, m.number from group_member m where m.tenant = $1 and m.user_id = p.id offset 0
    ) m
  ), managed as materialized (
    select p.id as user_id, m.owner as group_id from person p cross join lateral (${managedText('p.id')} offset 0) m
  ), named as materialized (
    select r.id, ${keyOfRow(groupType, keys, '$2')} as key from app_group r
    where r.tenant = $1 and r.id = any(array(select distinct h.group_id from held h))
  )
  select p.id, p.key, p.number, p.superuser, h.number as row, g.id as group_id, g.key as group_key,
    m.user_id is not null as manages
  from person p
  left join (held h join named g on g.id = h.group_id) on h.user_id = p.id
  left join managed m on m.user_id = p.id and m.group_id = h.group_id
  order by length(g.key), g.key collate "C"`;

const statements = {
  number: statementsFor('number'),
  objectId: statementsFor('objectId'),
};

function statementsFor(keys: Namespace['keys']): { readonly free: Statement; readonly bound: Statement } {
  const name = `people-memberships-${keys}`;
  return {
    free: { name, text: text(keys, '') },
    bound: { name: `${name}-bound`, text: text(keys, isSeen('User', '$1', '$4')) },
  };
}

/**
 * The memberships of the people with these ids, in their order; ids of nobody whom the viewer sees are left out. Takes no
 * more ids than should be held in memory at once.
 */
export async function readMemberships(
  db: Db,
  { tenant, franchisee }: Viewer,
  { dialect, keys }: Namespace,
  ids: readonly string[],
): Promise<readonly PersonMemberships[]> {
  const { free, bound } = statements[keys];
  const values = [tenant, dialect, ids];
  const query = franchisee === undefined ? { ...free, values } : { ...bound, values: [...values, franchisee] };
  const people = Map.groupBy(await db.list(query), ({ id }) => id as string);
  return ids.flatMap((id) => {
    const rows = people.get(id);
    return rows === undefined ? [] : [membershipsFrom(rows)];
  });
}

function membershipsFrom(rows: readonly Row[]): PersonMemberships {
  const [{ id, key, number, superuser }] = rows as [Omit<PersonMemberships, 'memberships'>];
  const memberships = rows.flatMap(({ row, group_id, group_key, manages }) =>
    row === null ? [] : [{ row, id: group_id, key: group_key, manages } as StoredMembership],
  );
  return { id, key, number, superuser, memberships };
}
