import type { Value, Values } from '#attributes/attribute.ts';
import type { ResourceName } from '#attributes/resource-type.ts';
import type { Resource } from '#domain/resource.ts';
import { stateColumns, withState } from '#domain/sign-in-state.ts';
import type { Row } from './database.ts';

const columns = 'r.id, r.number, r.object_id, r.version, r.created_at, r.modified_at, r.has_references, r.document';
const columnsByName = Object.entries(stateColumns);
const columnsOfState = columnsByName.map(([, column]) => `r.${column}`);

/** The columns that a resource has in its own row; `r` is its table. */
export function ownColumns(kind: ResourceName): string {
  return kind === 'User' ? [columns, ...columnsOfState].join(', ') : columns;
}

/** The column with the external id that a connection has put on the resource `r`. `connection` is a placeholder. */
export function externalIdColumn(kind: ResourceName, connection: string): string {
  return `(select e.value from external_id e
    where e.tenant = r.tenant and e.connection = ${connection} and e.kind = '${kind}' and e.resource = r.id) as external_id`;
}

/** The columns of a resource that every read gives. `r` is the resource's table, `connection` a placeholder. */
export function resourceColumns(kind: ResourceName, connection: string): string {
  return `${ownColumns(kind)}, ${externalIdColumn(kind, connection)}`;
}

/**
 * The groups that the user `r` is in directly, as JSON text; null for a user in none. The empty text says that one of
 * them is in another group: then `withGroups` has to ask for the indirect ones, which few users have.
 */
// Asked group by group: as a join the planner may read the tenant's nested groups in order, for each user again.
export const groupsOfUser = `case when (
      select bool_or(exists (
        select from group_member n where n.tenant = m.tenant and n.nested_group_id = m.group_id
      ))
      from group_member m where m.tenant = r.tenant and m.user_id = r.id
    ) then '' else (
      select json_agg(json_build_object('id', g.id, 'label', g.label, 'direct', true) order by g.id)::text
      from group_member m join app_group g on g.tenant = m.tenant and g.id = m.group_id
      where m.tenant = r.tenant and m.user_id = r.id
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
    document: kind === 'User' ? withState(row.document as string, stateFrom(row)) : (row.document as string),
    refers: row.has_references as boolean,
    ...(row.external_id !== null && { externalId: row.external_id as string }),
    ...(groups !== undefined && groups !== '' && { groups: groups === null ? [] : JSON.parse(groups) }),
  };
}

/** The state of a user's sign-ins from a row of `ownColumns`. */
export function stateFrom(row: Row): Values {
  const state: Record<string, Value> = {};
  for (const [name, column] of columnsByName) if (row[column] !== null) state[name] = row[column] as Value;
  return state;
}
