import { sql } from 'kysely';
import type { Db } from './database.ts';
import { entryColumns, entryFrom, type JournalEntry } from './journal-entries.ts';
import { compileSql } from './sql-builder.ts';

/** Which rows of a journal are wanted; what is absent does not matter. */
export interface JournalWish {
  /** The person, group, org unit, connection or tenant that changed. */
  readonly resource?: string;
  readonly connection?: string;
  /** ISO 8601: at this time or later. */
  readonly from?: string;
  /** ISO 8601: before this time. */
  readonly to?: string;
  /** Below this number: how a page goes on behind the one before it. */
  readonly before?: number;
  readonly count: number;
}

/** The newest rows of a tenant's journal that fit a wish, newest first. */
export async function listEntries(db: Db, tenant: number, wish: JournalWish): Promise<readonly JournalEntry[]> {
  const conditions = [
    sql`j.tenant = ${tenant}`,
    ...(wish.resource === undefined ? [] : [sql`j.resource = ${wish.resource}`]),
    ...(wish.connection === undefined ? [] : [sql`j.connection = ${wish.connection}`]),
    ...(wish.from === undefined ? [] : [sql`j.at >= ${wish.from}`]),
    ...(wish.to === undefined ? [] : [sql`j.at < ${wish.to}`]),
    ...(wish.before === undefined ? [] : [sql`j.sequence < ${wish.before}`]),
  ];
  const query = sql`select ${sql.raw(entryColumns)} from journal j where ${sql.join(conditions, sql` and `)}
    order by j.sequence desc limit ${wish.count}`;
  return (await db.list(compileSql(query))).map(entryFrom);
}

/** Which rows of one person's timeline are wanted. */
export type TimelineWish = Pick<JournalWish, 'from' | 'before' | 'count'>;

const timelineStatement = {
  name: 'timeline',
  text: `select * from (
      (select ${entryColumns} from journal j where j.tenant = $1 and j.resource = $2
        and j.at >= $3::timestamptz and j.sequence < $4 order by j.sequence desc limit $5)
      union all
      (select ${entryColumns} from journal j where j.tenant = $1 and j.members @> array[$2::uuid] and j.resource <> $2
        and j.at >= $3::timestamptz and j.sequence < $4 order by j.sequence desc limit $5)
    ) e order by e.sequence desc limit $5`,
};

/** The rows about one person and about the groups that he came into or left, newest first. */
export async function listTimeline(
  db: Db,
  tenant: number,
  person: string,
  { from = '-infinity', before = Number.MAX_SAFE_INTEGER, count }: TimelineWish,
): Promise<readonly JournalEntry[]> {
  const rows = await db.list({ ...timelineStatement, values: [tenant, person, from, before, count] });
  return rows.map(entryFrom);
}

/** All rows about one person, oldest first, and what the roll says of him at the same moment. */
export interface History {
  /** Absent: he is not on the roll. */
  readonly document?: string;
  /** Rows of this time and before may be gone, since they were kept for long enough; absent: none are. */
  readonly goneUntil?: string;
  readonly entries: readonly JournalEntry[];
}

const historyStatement = {
  name: 'history',
  text: `select u.document, a.latest_at as gone_until, e.* from (select) one
    left join journal_anchor a on a.tenant = $1
    left join app_user u on u.tenant = $1 and u.id = $2
    left join lateral (
      select ${entryColumns} from journal j where j.tenant = $1 and j.resource = $2 and j.kind = 'User'
    ) e on true
    order by e.sequence`,
};

/** The history of one person, in one glance: no change comes between what is now and what was. */
export async function readHistory(db: Db, tenant: number, person: string): Promise<History> {
  const rows = await db.list({ ...historyStatement, values: [tenant, person] });
  const { document, gone_until: goneUntil } = rows[0] ?? {};
  return {
    ...(typeof document === 'string' && { document }),
    ...(typeof goneUntil === 'string' && { goneUntil }),
    entries: rows.filter(({ sequence }) => sequence !== null).map(entryFrom),
  };
}

const namesStatement = {
  name: 'journal-names',
  text: `select n.id, n.name from connection n where n.tenant = $1 and n.id = any($2::uuid[])
    union all select u.id, u.label from app_user u where u.tenant = $1 and u.id = any($2::uuid[])
    union all select g.id, g.label from app_group g where g.tenant = $1 and g.id = any($2::uuid[])
    union all (
      select distinct on (j.resource) j.resource, (
        select c.change ->> 'from' from json_array_elements(j.changes::json) as c (change)
        where c.change ->> 'path' = 'displayName'
      ) from journal j
      where j.tenant = $1 and j.resource = any($2::uuid[]) and j.kind = 'Group' and j.action = 'deleted'
      order by j.resource, j.sequence desc
    )`,
};

/** What connections, people and groups are called, or were when groups were deleted. */
export async function findNames(db: Db, tenant: number, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db.list({ ...namesStatement, values: [tenant, [...new Set(ids)]] });
  return new Map(rows.flatMap(({ id, name }) => (name === null ? [] : [[id as string, name as string]])));
}

const formerStatement = {
  name: 'former-names',
  text: `select j.resource, j.changes from journal j
    where j.tenant = $1 and j.kind = 'User' and j.changes like '%"path":"userName"%' and j.changes ilike $2
    order by j.sequence desc limit 1000`,
};

/** Rows in which a text may be the userName that somebody had: all of the journal is looked through. */
export async function findMentions(
  db: Db,
  tenant: number,
  text: string,
): Promise<readonly { readonly resource: string; readonly changes: string }[]> {
  const pattern = `%${JSON.stringify(text).replaceAll(/[\\%_]/g, '\\$&')}%`;
  const rows = await db.list({ ...formerStatement, values: [tenant, pattern] });
  return rows.map((row) => ({ resource: row.resource as string, changes: row.changes as string }));
}
