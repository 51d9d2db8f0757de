import type { ResourceName } from '#attributes/resource-type.ts';
import type { Resource } from '#domain/resource.ts';
import type { Row } from './database.ts';

/** The columns of a resource that every read gives. `r` is the resource's table, `$connection` a placeholder. */
export function resourceColumns(kind: ResourceName, connection: string): string {
  return `r.id, r.number, r.object_id, r.version, r.created_at, r.modified_at, r.has_references, r.document,
    (select e.value from external_id e
      where e.tenant = r.tenant and e.connection = ${connection} and e.kind = '${kind}' and e.resource = r.id) as external_id`;
}

/** The groups of the user `r` as JSON text, direct and indirect, each once; null for a user in no group. */
export const groupsOfUser = `case when exists (select from group_member m where m.tenant = r.tenant and m.user_id = r.id) then (
    with recursive held (id, direct) as (
      select m.group_id, true from group_member m where m.tenant = r.tenant and m.user_id = r.id
      union
      select m.group_id, false from held join group_member m on m.tenant = r.tenant and m.nested_group_id = held.id
    )
    select json_agg(json_build_object('id', g.id, 'label', g.label, 'direct', h.direct) order by g.id)::text
    from (select id, bool_or(direct) as direct from held group by id) h
    join app_group g on g.tenant = r.tenant and g.id = h.id
  ) end`;

/** A resource from a row of `resourceColumns`. */
export function resourceFrom(kind: ResourceName, row: Row): Resource {
  const groups = row.groups as string | null | undefined;
  return {
    kind,
    id: row.id as string,
    number: row.number as number,
    objectId: row.object_id as string,
    version: row.version as number,
    createdAt: row.created_at as string,
    modifiedAt: row.modified_at as string,
    document: row.document as string,
    refers: row.has_references as boolean,
    ...(row.external_id !== null && { externalId: row.external_id as string }),
    ...(groups !== undefined && { groups: groups === null ? [] : JSON.parse(groups) }),
  };
}
