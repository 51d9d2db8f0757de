import type { Attribute } from '#attributes/attribute.ts';
import type { ResourceType } from '#attributes/resource-type.ts';
import { allAttributes } from '#attributes/resource-type.ts';
import type { Filter, Test } from '#domain/filter.ts';
import { locate } from '#domain/locate.ts';
import { indexedLength, isNumeric, testKey } from './compare-key.ts';
import { attributeAt, isTest, leafPath } from './compile-filter.ts';
import type { Query } from './database.ts';
import type { Wanted } from './find-resource.ts';
import { groupsOfUser, resourceColumns } from './resource-row.ts';
import { valuePath } from './value-rows.ts';
import type { Viewer } from './viewer.ts';

/** How many hits are worth answering this way. More take the shared connection for too long. */
const fewMax = 100;

/**
 * The prepared statement for a filter that asks for one value of one attribute, as identity providers do before every
 * write: it needs no plan of its own, since an index serves it whatever the value. Looks for no more than `limit` hits, nor
 * than a hundred; `many` in its rows tells that there are more. Gives resources in page order, users with their groups
 * where wanted; undefined for any other filter.
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
  const ids = idsOf(type, test.path, attribute);
  if (ids === undefined) return undefined;
  const groups = type.name === 'User' && wanted.groups ? `, ${groupsOfUser} as groups` : '';
  return {
    name: `equal-${type.name}-${test.path}${groups === '' ? '' : '-groups'}`,
    text: `with hit as materialized (${ids} limit $4 + 1)
      select found.*, (select count(*) from hit) > $4 as many
      from (select distinct id from hit) h cross join lateral (
        select ${resourceColumns(type.name, '$3')}${groups} from ${type.table} r where r.tenant = $1 and r.id = h.id offset 0
      ) found order by found.id`,
    values: [viewer.tenant, testKey(attribute, test), viewer.connection, Math.min(limit, fewMax)],
  };
}

/** The one test that the filter is, on its full path. */
function equalTest(type: ResourceType, filter: Filter): Test | undefined {
  if (filter.op === 'eq') return filter;
  if (filter.op !== 'some' || !isTest(filter.filter) || filter.filter.op !== 'eq') return undefined;
  if (locate(allAttributes(type), filter.path) === undefined) return undefined;
  return { ...filter.filter, path: leafPath(type, filter.path, filter.filter.path) };
}

/** The select of the ids that have the value `$2`; undefined where no index finds them by equality. */
function idsOf(type: ResourceType, path: string, attribute: Attribute): string | undefined {
  const { stored } = attribute;
  if (stored === undefined) return undefined;
  if ('column' in stored) return stored.column === 'user_name_key' ? userNameIs(type) : undefined;
  if ('link' in stored) return stored.link === 'external_id' ? externalIdIs(type) : undefined;
  const key = isNumeric(attribute)
    ? 'v.number_key = $2'
    : `left(v.text_key, ${indexedLength}) = left($2, ${indexedLength}) and v.text_key = $2`;
  return `select v.owner as id from attribute_value v
    where v.tenant = $1 and v.path = '${valuePath(type, path)}' and ${key}`;
}

function userNameIs(type: ResourceType): string {
  return `select u.id from ${type.table} u where u.tenant = $1 and u.user_name_key = $2`;
}

function externalIdIs(type: ResourceType): string {
  return `select e.resource as id from external_id e
    where e.tenant = $1 and e.connection = $3 and e.kind = '${type.name}' and e.value_key = $2`;
}
