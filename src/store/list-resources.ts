import { type RawBuilder, sql } from 'kysely';
import type { ResourceType } from '#attributes/resource-type.ts';
import { Fault } from '#domain/fault.ts';
import type { Filter } from '#domain/filter.ts';
import type { Resource } from '#domain/resource.ts';
import { compileFilter } from './compile-filter.ts';
import type { Db, Query, Row } from './database.ts';
import { findCandidates, unindexedHitsMax } from './find-candidates.ts';
import { equalQuery } from './find-equal.ts';
import type { Viewer, Wanted } from './find-resource.ts';
import { membersOfGroups } from './group-members.ts';
import { groupsOfUsers } from './groups-of-users.ts';
import { withLabels } from './labels.ts';
import { resourceColumns, resourceFrom } from './resource-row.ts';
import { compileSql } from './sql-builder.ts';
import { forEachType } from './statements.ts';

/** Which part of a list is wanted: `offset` resources are left out, `count` at most are given. */
export interface Page {
  readonly offset: number;
  readonly count: number;
}

/** A part of a list, in the order in which the resources were made, and how many there are in all. */
export interface Listed {
  readonly total: number;
  readonly resources: readonly Resource[];
}

/**
 * The resources of a type for which a filter holds (all without one): RFC 7644 section 3.4.2. The filter is in the normal
 * form of `checkFilter`. Raises `invalid_filter`, and `too_many` for a filter that no index serves and that holds for too many.
 */
export async function listResources(
  db: Db,
  viewer: Viewer,
  type: ResourceType,
  filter: Filter | undefined,
  page: Page,
  wanted: Wanted,
): Promise<Listed> {
  const { total, rows } = await listRows(db, viewer, type, filter, page, wanted);
  const resources = rows.map((row) => resourceFrom(type.name, row));
  const labelled = await withLabels(db, viewer.tenant, resources);
  return { total, resources: await withLinks(db, viewer.tenant, type, labelled, wanted) };
}

async function listRows(
  db: Db,
  viewer: Viewer,
  type: ResourceType,
  filter: Filter | undefined,
  page: Page,
  wanted: Wanted,
) {
  const few = filter === undefined ? undefined : await listFew(db, viewer, type, filter, page, wanted);
  if (few !== undefined) return { total: few.length, rows: few };
  const rows = await db.list(listQuery(viewer, type, filter, page));
  const total = rows[0]?.total as number;
  if (total > unindexedHitsMax && filter !== undefined && findCandidates({ viewer, type }, filter)?.bounded) {
    throw new Fault('too_many', 'the filter holds for too many; give it three characters or more to look for');
  }
  return { total, rows: rows.filter((row) => row.id !== null) };
}

/** The rows of a filter for one value when all of them are on the first page; undefined when the long way is needed. */
async function listFew(
  db: Db,
  viewer: Viewer,
  type: ResourceType,
  filter: Filter,
  page: Page,
  wanted: Wanted,
): Promise<Row[] | undefined> {
  const query =
    page.offset === 0 && page.count > 0 ? equalQuery(viewer, type, filter, page.count + 1, wanted) : undefined;
  if (query === undefined) return undefined;
  const rows = await db.read(query);
  return rows.length > page.count ? undefined : rows;
}

/** The statement of a list; also what the tests explain. */
export function listQuery(viewer: Viewer, type: ResourceType, filter: Filter | undefined, page: Page): Query {
  if (filter === undefined)
    return { ...pageStatement[type.name], values: [viewer.tenant, page.count, viewer.connection, page.offset] };
  const [before, after] = resourceColumns(type.name, '?')
    .split('?')
    .map((text) => sql.raw(text));
  return compileSql(sql`${filtered(viewer, type, filter, page)}
    select t.total, ${before}${viewer.connection}${after}
    from t left join page on true left join ${sql.table(type.table)} r on r.tenant = ${viewer.tenant} and r.id = page.id
    order by r.id`);
}

const pageStatement = forEachType(
  'page',
  (type) => `select t.total, ${resourceColumns(type.name, '$3')}
    from (select coalesce(sum(count), 0)::bigint as total from resource_count where tenant = $1 and kind = '${type.name}') t
    left join (select id from ${type.table} where tenant = $1 order by id limit $2 offset $4) page on true
    left join ${type.table} r on r.tenant = $1 and r.id = page.id
    order by r.id`,
);

function filtered(viewer: Viewer, type: ResourceType, filter: Filter, page: Page): RawBuilder<unknown> {
  return sql`with hit as materialized (${hits(viewer, type, filter)}),
    t as (select count(*) as total from hit),
    page as materialized (select id from hit order by id limit ${page.count} offset ${page.offset})`;
}

function hits(viewer: Viewer, type: ResourceType, filter: Filter): RawBuilder<unknown> {
  const asked = { viewer, type };
  const candidates = findCandidates(asked, filter);
  const table = sql.table(type.table);
  if (candidates?.exact) return sql`select distinct id from (${candidates.ids}) c`;
  const among = candidates === undefined ? sql`` : sql`and r.id in (${candidates.ids})`;
  return sql`select r.id from ${table} r where r.tenant = ${viewer.tenant} ${among} and ${compileFilter(asked, filter)}`;
}

async function withLinks(
  db: Db,
  tenant: number,
  type: ResourceType,
  resources: readonly Resource[],
  wanted: Wanted,
): Promise<readonly Resource[]> {
  const ids = resources.map(({ id }) => id);
  if (type.name === 'User' && wanted.groups && resources.some(({ groups }) => groups === undefined)) {
    const groups = await groupsOfUsers(db, tenant, ids);
    return resources.map((resource) => ({ ...resource, groups: groups.get(resource.id) ?? [] }));
  }
  if (type.name === 'Group' && wanted.members && ids.length > 0) {
    const members = await membersOfGroups(db, tenant, ids);
    return resources.map((resource) => ({ ...resource, members: members.get(resource.id) ?? [] }));
  }
  return resources;
}
