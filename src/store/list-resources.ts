import { sql } from 'kysely';
import type { ResourceType } from '#attributes/resource-type.ts';
import { Fault } from '#domain/fault.ts';
import type { Filter } from '#domain/filter.ts';
import { domainLimits } from '#domain/limits.ts';
import type { Resource } from '#domain/resource.ts';
import type { Db, Query, Row } from './database.ts';
import { equalQuery } from './find-equal.ts';
import type { Wanted } from './find-resource.ts';
import { membersOfGroups } from './group-members.ts';
import { withGroups } from './groups-of-users.ts';
import { hits } from './hits.ts';
import { withLabels } from './labels.ts';
import { resourceColumns, resourceFrom } from './resource-row.ts';
import { boundOf, isSeen } from './seen.ts';
import { compileSql } from './sql-builder.ts';
import { forEachType } from './statements.ts';
import type { Viewer } from './viewer.ts';

/** Which part of a list is wanted: `offset` resources are left out, `count` at most are given. */
export interface Page {
  readonly offset: number;
  readonly count: number;
}

/** What a list is asked for. The filter is in the normal form of `checkFilter`; without one everybody is meant. */
export interface Listing {
  readonly type: ResourceType;
  readonly filter?: Filter | undefined;
  readonly page: Page;
  readonly wanted: Wanted;
}

/** A part of a list, in the order in which the resources were made, and how many there are in all. */
export interface Listed {
  readonly total: number;
  readonly resources: readonly Resource[];
}

/**
 * The resources of a type for which a filter holds: RFC 7644 section 3.4.2. Raises `invalid_filter`, and `too_many` for a
 * filter that no index serves and that holds for too many.
 */
export async function listResources(db: Db, viewer: Viewer, listing: Listing): Promise<Listed> {
  const { total, rows } = await listRows(db, viewer, listing);
  const resources = rows.map((row) => resourceFrom(listing.type.name, row));
  const labelled = await withLabels(db, viewer, resources);
  return { total, resources: await withLinks(db, viewer, listing, labelled) };
}

async function listRows(db: Db, viewer: Viewer, listing: Listing): Promise<{ total: number; rows: readonly Row[] }> {
  if (listing.filter === undefined) return listEverybody(db, viewer, listing);
  const few = await listFew(db, viewer, listing);
  if (few !== undefined) return { total: few.length, rows: few };
  const rows = await db.list(listQuery(viewer, listing.type, listing.filter, listing.page));
  if (rows[0]?.cut === true) {
    throw new Fault('too_many', 'the filter holds for too many; give it three characters or more to look for');
  }
  return { total: rows[0]?.total as number, rows: rows.filter((row) => row.id !== null) };
}

/** A page of everybody; how many there are is asked at the same time. */
async function listEverybody(db: Db, viewer: Viewer, { type, page }: Listing) {
  const franchisee = boundOf(viewer, type);
  const [[counted], rows] = await Promise.all([
    franchisee === undefined
      ? db.read(totalStatement[type.name], [viewer.tenant])
      : db.list({ ...boundTotalStatement[type.name], values: [viewer.tenant, franchisee] }),
    page.count === 0 ? [] : db.list(pageQuery(viewer, type, page)),
  ]);
  return { total: counted?.total as number, rows };
}

/** The rows of a filter for one value when all of them are on the first page; undefined when the long way is needed. */
async function listFew(db: Db, viewer: Viewer, { type, filter, page, wanted }: Listing): Promise<Row[] | undefined> {
  if (filter === undefined || page.offset > 0 || page.count === 0 || viewer.franchisee !== undefined) return undefined;
  const query = equalQuery(viewer, type, filter, page.count, wanted);
  if (query === undefined) return undefined;
  const rows = await db.read(query);
  return rows[0]?.many === true ? undefined : rows;
}

/** The statement of a page of everybody. The first page reads no more than itself; a later one skips ids in the index alone. */
function pageQuery(viewer: Viewer, type: ResourceType, { offset, count }: Page): Query {
  const franchisee = boundOf(viewer, type);
  if (franchisee !== undefined) {
    return { ...boundPageStatement[type.name], values: [viewer.tenant, count, viewer.connection, offset, franchisee] };
  }
  return offset === 0
    ? { ...firstPageStatement[type.name], values: [viewer.tenant, count, viewer.connection] }
    : { ...pageStatement[type.name], values: [viewer.tenant, count, viewer.connection, offset] };
}

const totalStatement = forEachType(
  'total',
  (type) =>
    `select coalesce(sum(count), 0)::bigint as total from resource_count where tenant = $1 and kind = '${type.name}'`,
);

const firstPageStatement = forEachType(
  'first-page',
  (type) =>
    `select ${resourceColumns(type.name, '$3')} from ${type.table} r where r.tenant = $1 order by r.id limit $2`,
);

const pageStatement = forEachType(
  'page',
  (type) => `select ${resourceColumns(type.name, '$3')}
    from (select id from ${type.table} where tenant = $1 order by id limit $2 offset $4) page
    join ${type.table} r on r.tenant = $1 and r.id = page.id
    order by r.id`,
);

/** Nobody counts a franchisee's people beforehand; their index is short. */
const boundTotalStatement = forEachType(
  'total-bound',
  (type) => `select count(*) as total from ${type.table} r where r.tenant = $1${isSeen(type.name, '$1', '$2')}`,
);

const boundPageStatement = forEachType(
  'page-bound',
  (type) => `select ${resourceColumns(type.name, '$3')}
    from (
      select r.id from ${type.table} r where r.tenant = $1${isSeen(type.name, '$1', '$5')} order by r.id limit $2 offset $4
    ) page
    join ${type.table} r on r.tenant = $1 and r.id = page.id
    order by r.id`,
);

/** The statement of a list under a filter; also what the tests explain. */
export function listQuery(viewer: Viewer, type: ResourceType, filter: Filter, page: Page): Query {
  const [before, after] = resourceColumns(type.name, '?')
    .split('?')
    .map((text) => sql.raw(text));
  // "offset 0" keeps the planner from turning "look each one up" into "read the whole table and join".
  return compileSql(sql`with ${hits({ viewer, type }, filter, 'bounded')},
    page as materialized (select id from hit order by id limit ${page.count} offset ${page.offset})
    select t.total, t.cut, r.* from t left join page on true left join lateral (
      select ${before}${viewer.connection}${after}
      from ${sql.table(type.table)} r where r.tenant = ${viewer.tenant} and r.id = page.id offset 0
    ) r on true order by r.id`);
}

async function withLinks(
  db: Db,
  viewer: Viewer,
  { type, wanted }: Listing,
  resources: readonly Resource[],
): Promise<readonly Resource[]> {
  const ids = resources.map(({ id }) => id);
  if (type.name === 'User' && wanted.groups) return withGroups(db, viewer.tenant, resources);
  if (type.name === 'Group' && wanted.members && ids.length > 0) {
    const members = await membersOfGroups(db, viewer, ids, domainLimits.listedMembers);
    return resources.map((resource) => ({ ...resource, members: members.get(resource.id) ?? [] }));
  }
  return resources;
}
