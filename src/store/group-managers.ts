import { indexedLength } from './compare-key.ts';
import type { Tx } from './database.ts';

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
    ), managed as (
      select v.owner as id from attribute_value v where v.tenant = $1 and v.path = 'Group.muster.managers.value'
        and left(v.text_key, ${indexedLength}) = $3::text
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
