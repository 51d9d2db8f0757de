import { type RawBuilder, sql } from 'kysely';
import { type ResourceName, type ResourceType, resourceTypes } from '#attributes/resource-type.ts';
import { locateAll } from '#domain/locate.ts';
import { fragment } from './sql-builder.ts';
import { valuePath } from './value-rows.ts';
import type { Viewer } from './viewer.ts';

/** The franchisee to which a viewer's sight of a kind is bound; undefined where he sees all of it, as everybody sees groups. */
export function boundOf(viewer: Viewer, type: ResourceType): string | undefined {
  return type.name === 'Group' ? undefined : viewer.franchisee;
}

/**
 * The condition under which a viewer who is bound sees the resource `r`: people of the franchisee, its org unit and those
 * below it. Takes the placeholders of the tenant and the franchisee. Empty for groups.
 */
export function isSeen(kind: ResourceName, tenant: string, franchisee: string): string {
  const conditions: Record<ResourceName, string> = {
    User: ` and r.franchisee = ${franchisee}`,
    OrgUnit: ` and r.id in (${unitsOf(tenant, franchisee)})`,
    Group: '',
  };
  return conditions[kind];
}

function unitsOf(tenant: string, franchisee: string): string {
  return `with recursive unit (id) as (
      select o.id from org_unit o where o.tenant = ${tenant} and o.id = ${franchisee}
      union
      select p.owner from unit join attribute_value p
        on p.tenant = ${tenant} and p.path = 'OrgUnit.parent.value' and left(p.text_key, 128) = unit.id::text
    ) select unit.id from unit`;
}

/** `isSeen` for a statement that is put together; nothing for a viewer who is not bound. */
export function seen(viewer: Viewer, type: ResourceType): RawBuilder<unknown> {
  const franchisee = boundOf(viewer, type);
  if (franchisee === undefined) return sql``;
  return fragment(isSeen(type.name, '$1', '$2'), [viewer.tenant, franchisee]);
}

/** That a row `m` of the members' table is one which the viewer sees: of his people. Nothing for one who is not bound. */
export function memberSeen({ franchisee }: Viewer): RawBuilder<unknown> {
  if (franchisee === undefined) return sql``;
  return sql` and exists (select from app_user s where s.tenant = m.tenant and s.id = m.user_id and s.franchisee = ${franchisee})`;
}

/**
 * That a row `v` of the value table refers to nobody whom the viewer does not see: to him such a reference is not there.
 * Nothing for a viewer who is not bound.
 */
export function valueSeen(viewer: Viewer, type: ResourceType): RawBuilder<unknown> {
  const { tenant, franchisee } = viewer;
  if (franchisee === undefined) return sql``;
  return fragment(valueSeenTexts[type.name], [tenant, franchisee]);
}

// In a CASE the text of a row is read as an id only where it is one.
function valueSeenText(type: ResourceType): string {
  const cases = [
    [
      pathsTo(type, 'User'),
      'exists (select from app_user s where s.tenant = $1 and s.id = v.text_key::uuid and s.franchisee = $2)',
    ],
    [pathsTo(type, 'OrgUnit'), `v.text_key::uuid in (${unitsOf('$1', '$2')})`],
  ] as const;
  const some = cases.filter(([paths]) => paths.length > 0);
  return ` and case ${some.map(([paths, is]) => `when v.path in (${paths.join(', ')}) then ${is}`).join(' ')} else true end`;
}

/** The names under which the value table has references of a type to a kind. */
function pathsTo(type: ResourceType, kind: ResourceName): string[] {
  return locateAll(type.attributes)
    .filter(
      ({ part, attribute, name }) => part?.name === 'value' && name !== 'members' && attribute.references?.[0] === kind,
    )
    .map(({ path }) => `'${valuePath(type, path)}'`);
}

const valueSeenTexts = Object.fromEntries(resourceTypes.map((type) => [type.name, valueSeenText(type)])) as Record<
  ResourceName,
  string
>;
