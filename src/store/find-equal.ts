import type { Attribute } from '#attributes/attribute.ts';
import type { ResourceType } from '#attributes/resource-type.ts';
import { allAttributes } from '#attributes/resource-type.ts';
import type { Filter, Test } from '#domain/filter.ts';
import { locate } from '#domain/locate.ts';
import { indexedLength, testKey } from './compare-key.ts';
import { attributeAt, isTest, leafPath } from './compile-filter.ts';
import type { Query } from './database.ts';
import type { Viewer, Wanted } from './find-resource.ts';
import { groupsOfUser, resourceColumns } from './resource-row.ts';
import { valuePath } from './value-rows.ts';

/**
 * The prepared statement for a filter that asks for one value of one attribute, as identity providers do before every
 * write: it needs no plan of its own, since an index serves it whatever the value. Gives at most `limit` resources in page
 * order, users with their groups where wanted; undefined for any other filter.
 */
export function equalQuery(
  viewer: Viewer,
  type: ResourceType,
  filter: Filter,
  limit: number,
  wanted: Wanted,
): Query | undefined {
  const test = equalTest(type, filter);
  if (test === undefined) return undefined;
  const attribute = attributeAt(type, test.path);
  const condition = conditionOf(type, test.path, attribute);
  if (condition === undefined) return undefined;
  const key = testKey(attribute, test);
  const groups = type.name === 'User' && wanted.groups ? `, ${groupsOfUser} as groups` : '';
  return {
    name: `equal-${type.name}-${test.path}${groups === '' ? '' : '-groups'}`,
    text: `select ${resourceColumns(type.name, '$3')}${groups} from ${type.table} r
      where r.tenant = $1 and ${condition} order by r.id limit $4`,
    values: [viewer.tenant, key, viewer.connection, limit],
  };
}

/** The one test that the filter is, on its full path. */
function equalTest(type: ResourceType, filter: Filter): Test | undefined {
  if (filter.op === 'eq') return filter;
  if (filter.op !== 'some' || !isTest(filter.filter) || filter.filter.op !== 'eq') return undefined;
  if (locate(allAttributes(type), filter.path) === undefined) return undefined;
  return { ...filter.filter, path: leafPath(type, filter.path, filter.filter.path) };
}

/** The condition that the value `$2` puts on the resource `r`; undefined where no index finds it by equality. */
function conditionOf(type: ResourceType, path: string, attribute: Attribute): string | undefined {
  const { stored } = attribute;
  if (stored === undefined) return undefined;
  if ('column' in stored) return stored.column === 'user_name_key' ? 'r.user_name_key = $2' : undefined;
  if ('link' in stored) return stored.link === 'external_id' ? externalIdIs(type) : undefined;
  const isNumber = ['boolean', 'integer', 'decimal', 'dateTime'].includes(attribute.type);
  const key = isNumber
    ? 'v.number_key = $2'
    : `left(v.text_key, ${indexedLength}) = left($2, ${indexedLength}) and v.text_key = $2`;
  return `r.id in (select v.owner from attribute_value v where v.tenant = $1 and v.path = '${valuePath(type, path)}' and ${key})`;
}

function externalIdIs(type: ResourceType): string {
  return `r.id in (select e.resource from external_id e
    where e.tenant = $1 and e.connection = $3 and e.kind = '${type.name}' and e.value = $2)`;
}
