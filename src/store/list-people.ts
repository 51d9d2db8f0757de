import { type RawBuilder, sql } from 'kysely';
import { userType } from '#attributes/resource-type.ts';
import type { Filter } from '#domain/filter.ts';
import type { Namespace } from '#domain/person.ts';
import { indexedLength } from './compare-key.ts';
import type { Db, Query } from './database.ts';
import { hits } from './hits.ts';
import type { Page } from './list-resources.ts';
import { seen } from './seen.ts';
import { compileSql } from './sql-builder.ts';
import type { Viewer } from './viewer.ts';

/**
 * In which order people are listed. `name`: first names, last name; `family`: last name, first names; who has none comes
 * last. `standing`: superusers, then managers of the group, then the rest, each by name. `key`: by their ids as numbers.
 */
export type PeopleOrder = 'name' | 'family' | 'standing' | 'key';

/** Who is listed, and in which order. The filter is in the normal form of `checkFilter`; what is absent narrows nothing. */
export interface PeopleListing {
  readonly namespace: Namespace;
  readonly active?: boolean;
  readonly filter?: Filter;
  /** The id of a group whose direct members are meant. */
  readonly group?: string;
  readonly order: PeopleOrder;
  /** Absent: all. */
  readonly page?: Page;
}

/** The ids of a part of a list, in its order, and how many people there are in all. */
export interface ListedPeople {
  readonly total: number;
  readonly ids: readonly string[];
}

/**
 * The people of a list whom the viewer sees. A filter that no index serves is answered by reading the values that it asks
 * about: it never raises `too_many`, which these APIs have no word for. Raises `invalid_filter`.
 */
export async function listPeopleIds(db: Db, viewer: Viewer, listing: PeopleListing): Promise<ListedPeople> {
  const isBrought = listing.order === 'key' && (await broughtAny(db, viewer.tenant, listing.namespace));
  const walk = isBrought ? undefined : walkQuery(viewer, listing);
  if (walk === undefined) return fromRows(await db.list(sortQuery(viewer, listing, isBrought)));
  const [[counted], rows] = await Promise.all([
    db.read(totalStatements[listing.active === true ? 'active' : 'all'], [viewer.tenant]),
    listing.page?.count === 0 ? [] : db.list(walk),
  ]);
  return { total: counted?.total as number, ids: rows.map(({ id }) => id as string) };
}

function fromRows(rows: readonly Record<string, unknown>[]): ListedPeople {
  return { total: (rows[0]?.total ?? 0) as number, ids: rows.flatMap(({ id }) => (id === null ? [] : [id as string])) };
}

const broughtStatement = {
  name: 'brought-any-people',
  text: `select from brought_id where tenant = $1 and dialect = $2 and kind = 'User' limit 1`,
};

async function broughtAny(db: Db, tenant: number, { dialect }: Namespace): Promise<boolean> {
  return (await db.read(broughtStatement, [tenant, dialect])).length > 0;
}

const countedPeople = `select coalesce(sum(count), 0) from resource_count where tenant = $1 and kind = 'User'`;
const inactivePeople = `select count(*) from app_user u where u.tenant = $1 and not u.active`;

/** How many there are is kept; how many of them are inactive, who are few, has an index of its own. */
const totalStatements = {
  all: { name: 'total-people', text: `select (${countedPeople})::bigint as total` },
  active: { name: 'total-active-people', text: `select ((${countedPeople}) - (${inactivePeople}))::bigint as total` },
};

const walks = { name: 'u.name_key, u.number', key: 'u.number' } as const;

/**
 * The statement of a list of everybody, or of everybody active, that is in the order of an index: it reads the index
 * alone, up to the end of the page. Undefined for any other list.
 */
function walkQuery(viewer: Viewer, { active, filter, group, order, page }: PeopleListing): Query | undefined {
  const isNarrowed = filter !== undefined || group !== undefined || viewer.franchisee !== undefined;
  if (isNarrowed || active === false || !(order === 'name' || order === 'key')) return undefined;
  return {
    name: `people-by-${order}${active === true ? '-active' : ''}`,
    text: `select u.id from app_user u where u.tenant = $1${active === true ? ' and u.active' : ''}
      order by ${walks[order]} limit $2 offset $3`,
    values: [viewer.tenant, page?.count ?? null, page?.offset ?? 0],
  };
}

/** The statement of any list: everybody who is meant is found, put in order and counted. */
function sortQuery(viewer: Viewer, listing: PeopleListing, isBrought: boolean): Query {
  const { filter, page } = listing;
  const found = filter === undefined ? sql`` : sql`${hits({ viewer, type: userType }, filter, 'whole')},`;
  const columns = sql`select r.id, ${standing(viewer, listing)} as standing, ${name(listing)} as name,
    ${number(listing, isBrought)} as number`;
  const where = sql`where r.tenant = ${viewer.tenant}${narrowed(viewer, listing)}`;
  return compileSql(sql`with ${found}
    person as materialized (${filter === undefined ? sql`${columns} from app_user r ${where}` : amongHits(columns, where)}),
    page as materialized (
      select * from person order by standing, name, number limit ${page?.count ?? null} offset ${page?.offset ?? 0}
    )
    select t.total, page.id from (select count(*) as total from person) t left join page on true
    order by page.standing, page.name, page.number`);
}

/** How many hits are looked up one by one; for more of them everybody is gone through, in an index. */
const fewHits = 1_000;

// How many hits there are nobody knows before; so both ways are in the statement, and one of them does nothing.
function amongHits(columns: RawBuilder<unknown>, where: RawBuilder<unknown>): RawBuilder<unknown> {
  const are = (comparison: '<=' | '>') => sql`(select count(*) from hit) ${sql.raw(comparison)} ${sql.lit(fewHits)}`;
  return sql`${columns} from hit h join app_user r on r.id = h.id ${where} and ${are('<=')}
    union all
    ${columns} from app_user r ${where} and ${are('>')} and coalesce(r.id in (select id from hit), false)`;
}

function narrowed(viewer: Viewer, { active, group }: PeopleListing): RawBuilder<unknown> {
  const isActive = active === undefined ? sql`` : active ? sql` and r.active` : sql` and not r.active`;
  const isMember =
    group === undefined
      ? sql``
      : sql` and r.id in (select m.user_id from group_member m where m.tenant = ${viewer.tenant} and m.group_id = ${group})`;
  return sql`${seen(viewer, userType)}${isActive}${isMember}`;
}

function standing({ tenant }: Viewer, { order, group }: PeopleListing): RawBuilder<unknown> {
  if (order !== 'standing') return sql`0`;
  const isSuperuser = sql`r.id in (select v.owner from attribute_value v
    where v.tenant = ${tenant} and v.path = 'User.muster.superuser' and v.number_key = 1)`;
  const manages =
    group === undefined
      ? sql`false`
      : sql`r.id::text in (select left(v.text_key, ${sql.lit(indexedLength)}) from attribute_value v
          where v.tenant = ${tenant} and v.owner = ${group} and v.path = 'Group.muster.managers.value')`;
  return sql`case when ${isSuperuser} then 0 when ${manages} then 1 else 2 end`;
}

function name({ order }: PeopleListing): RawBuilder<unknown> {
  if (order === 'key') return sql`''`;
  if (order !== 'family') return sql`r.name_key`;
  return sql`split_part(r.name_key, chr(1), 2) || chr(1) || split_part(r.name_key, chr(1), 1)`;
}

/** What is brought along for an API that counts is a number; anything else is out of order. */
function number({ order, namespace }: PeopleListing, isBrought: boolean): RawBuilder<unknown> {
  if (order !== 'key' || !isBrought || namespace.keys !== 'number') return sql`r.number`;
  return sql`coalesce((
    select case when min(b.key) ~ '^[0-9]{1,18}$' then min(b.key)::bigint end from brought_id b
    where b.tenant = r.tenant and b.resource = r.id and b.dialect = ${namespace.dialect} and b.kind = 'User'
  ), r.number)`;
}
