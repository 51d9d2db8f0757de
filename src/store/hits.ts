import { type RawBuilder, sql } from 'kysely';
import type { Filter } from '#domain/filter.ts';
import { domainLimits } from '#domain/limits.ts';
import type { Candidates } from './candidates.ts';
import { compileFilter } from './compile-filter.ts';
import { findCandidates } from './find-candidates.ts';
import { boundOf, seen } from './seen.ts';
import type { Asked } from './viewer.ts';

/**
 * Everybody for whom a filter holds, as `hit`, and in `t` how many they are and whether there were too many to look at:
 * what no index serves is looked for among no more than so many, unless the search is `whole`.
 */
export function hits(asked: Asked, filter: Filter, search: 'bounded' | 'whole'): RawBuilder<unknown> {
  const candidates = candidatesFor(asked, filter);
  if (candidates === undefined) return hitsAmongAll(asked, filter);
  const { ids, exact } = candidates;
  const bounded = search === 'bounded' && candidates.bounded;
  const limit = bounded ? sql`limit ${sql.lit(domainLimits.unindexedHits + 1)}` : sql``;
  const cut = bounded ? sql`(select count(*) from candidate) > ${sql.lit(domainLimits.unindexedHits)}` : sql`false`;
  const asWell = exact ? sql`` : sql`cross join lateral (${hitOf(asked, filter)} and r.id = c.id offset 0) r`;
  return sql`candidate as ${bounded ? sql`materialized` : sql`not materialized`} (select id from (${ids}) c ${limit}),
    hit as materialized (select c.id from (select distinct id from candidate) c ${asWell}),
    t as (select (select count(*) from hit) as total, ${cut} as cut)`;
}

/** The highest rank at which a filter is likely to hold for fewer than one franchisee has people. */
const fewRank = 3;

/** Where to begin. For a viewer who is bound what he sees is a beginning too, and all that an index finds is to be checked. */
function candidatesFor(asked: Asked, filter: Filter): Candidates | undefined {
  const candidates = findCandidates(asked, filter);
  if (candidates === undefined || boundOf(asked.viewer, asked.type) === undefined) return candidates;
  return candidates.bounded || candidates.rank > fewRank ? undefined : { ...candidates, exact: false };
}

function hitsAmongAll(asked: Asked, filter: Filter): RawBuilder<unknown> {
  return sql`hit as materialized (${hitOf(asked, filter)}), t as (select count(*) as total, false as cut from hit)`;
}

function hitOf(asked: Asked, filter: Filter): RawBuilder<unknown> {
  return sql`select r.id from ${sql.table(asked.type.table)} r
    where r.tenant = ${asked.viewer.tenant}${seen(asked.viewer, asked.type)} and ${compileFilter(asked, filter)}`;
}
