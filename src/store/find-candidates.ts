import { type RawBuilder, sql } from 'kysely';
import type { Filter, Test } from '#domain/filter.ts';
import { below } from './below.ts';
import { compareColumn, compareId } from './compare-column.ts';
import { compareText, compareValue, testKey } from './compare-key.ts';
import { type Asked, attributeAt, leafPath } from './compile-filter.ts';
import { valuePath } from './value-rows.ts';

/**
 * Where a filter can begin: a select of ids, served by an index, that holds everybody whom the filter can mean. Asking it
 * first keeps the planner from walking the whole table in page order.
 */
export interface Candidates {
  readonly ids: RawBuilder<unknown>;
  /** How few they are likely to be: 0 is one resource, 9 is half the roll. */
  readonly rank: number;
  /** Nobody else fulfils the filter and everybody here does, so it need not be asked again. */
  readonly exact: boolean;
  /** The index cannot find this quickly, so no more than so many hits are looked for. */
  readonly bounded?: true;
}

/** The most hits that a filter without a useful index may have. Above it the answer is `too_many`. */
export const unindexedHitsMax = 10_000;

/** Trigrams need this many characters. */
const trigramLength = 3;

/** The candidates for a filter in the normal form of `checkFilter`; undefined when no index can begin. */
export function findCandidates(asked: Asked, filter: Filter): Candidates | undefined {
  switch (filter.op) {
    case 'and':
      return fewestOf(filter.filters.map((inner) => findCandidates(asked, inner)));
    case 'or':
      return unionOf(filter.filters.map((inner) => findCandidates(asked, inner)));
    case 'not':
      return undefined;
    case 'some':
      return candidatesOfElement(asked, filter.path, filter.filter);
    case 'pr':
      return candidatesPresent(asked, filter.path);
    default:
      return candidatesOfTest(asked, filter);
  }
}

function fewestOf(all: readonly (Candidates | undefined)[]): Candidates | undefined {
  const [fewest] = all.filter((one) => one !== undefined).sort((one, other) => one.rank - other.rank);
  return fewest === undefined ? undefined : { ...fewest, exact: false };
}

function unionOf(all: readonly (Candidates | undefined)[]): Candidates | undefined {
  const known = all.filter((one) => one !== undefined);
  if (known.length < all.length) return undefined;
  return {
    ids: sql.join(
      known.map(({ ids }) => sql`(${ids})`),
      sql` union `,
    ),
    rank: Math.max(...known.map(({ rank }) => rank)),
    exact: known.every(({ exact }) => exact),
    ...(known.some(({ bounded }) => bounded) && { bounded: true as const }),
  };
}

function candidatesOfTest(asked: Asked, test: Test): Candidates | undefined {
  const attribute = attributeAt(asked.type, test.path);
  const { stored } = attribute;
  if (stored === undefined) return undefined;
  if ('link' in stored) return candidatesByExternalId(asked, test);
  const needsText = test.op === 'co' || test.op === 'ew';
  if ('column' in stored && !(needsText && stored.values === 'text'))
    return candidatesByColumn(asked, stored.column, test);
  return candidatesByValue(asked, test.path, test);
}

const indexedColumns: Readonly<Record<string, readonly string[]>> = {
  id: ['eq'],
  created_at: ['eq', 'gt', 'ge', 'lt', 'le'],
  modified_at: ['eq', 'gt', 'ge', 'lt', 'le'],
  user_name_key: ['eq', 'sw', 'gt', 'ge', 'lt', 'le'],
};

function candidatesByColumn(asked: Asked, column: string, test: Test): Candidates | undefined {
  if (!indexedColumns[column]?.includes(test.op)) return undefined;
  const condition = compareColumn(asked.type, column, attributeAt(asked.type, test.path), test);
  return {
    ids: sql`select r.id from ${sql.table(asked.type.table)} r where r.tenant = ${asked.viewer.tenant} and ${condition}`,
    rank: rankOf(test) - (test.op === 'eq' ? 1 : 0),
    exact: true,
  };
}

function candidatesByValue(asked: Asked, path: string, test: Test): Candidates {
  const attribute = attributeAt(asked.type, path);
  const text = attribute.stored !== undefined && 'values' in attribute.stored && attribute.stored.values === 'text';
  const key = testKey(attribute, test);
  const byTrigram = (test.op === 'co' || test.op === 'ew') && text && String(key).length >= trigramLength;
  const scanned = (test.op === 'co' || test.op === 'ew') && !byTrigram;
  return {
    ids: sql`select v.owner as id from attribute_value v where v.tenant = ${asked.viewer.tenant}
      and v.path = ${valuePath(asked.type, path)} and ${byTrigram ? sql`v.searchable` : sql`true`}
      and ${compareValue(attribute, test)}${scanned ? sql` limit ${sql.lit(unindexedHitsMax + 1)}` : sql``}`,
    rank: rankOf(test),
    exact: true,
    ...(scanned && { bounded: true as const }),
  };
}

function rankOf({ op }: Test): number {
  return { eq: 1, sw: 3, co: 4, ew: 4, gt: 5, ge: 5, lt: 6, le: 6, ne: 9 }[op];
}

function candidatesPresent(asked: Asked, path: string): Candidates | undefined {
  const { viewer, type } = asked;
  if (path === 'members')
    return {
      ids: sql`select m.group_id as id from group_member m where m.tenant = ${viewer.tenant}`,
      rank: 8,
      exact: true,
    };
  if (path === 'groups')
    return {
      ids: sql`select m.user_id as id from group_member m where m.tenant = ${viewer.tenant} and m.user_id is not null`,
      rank: 8,
      exact: true,
    };
  const { stored } = attributeAt(type, path);
  if (stored !== undefined && 'column' in stored) return undefined;
  if (stored !== undefined && 'link' in stored) {
    return { ids: sql`${externalIds(asked)}`, rank: 7, exact: true };
  }
  return {
    ids: sql`select v.owner as id from attribute_value v where v.tenant = ${viewer.tenant} and ${below(type, path)}`,
    rank: 7,
    exact: true,
  };
}

function candidatesOfElement(asked: Asked, path: string, inner: Filter): Candidates | undefined {
  switch (inner.op) {
    case 'and':
      return fewestOf(inner.filters.map((each) => candidatesOfElement(asked, path, each)));
    case 'or':
      return unionOf(inner.filters.map((each) => candidatesOfElement(asked, path, each)));
    case 'not':
    case 'some':
      return undefined;
    case 'pr':
      return path === 'schemas' ? undefined : candidatesPresent(asked, pathPresent(asked, path, inner.path));
    default:
      return candidatesOfElementTest(asked, path, inner);
  }
}

function pathPresent(asked: Asked, path: string, part: string): string {
  return path === 'members' || path === 'groups' ? path : leafPath(asked.type, path, part);
}

function candidatesOfElementTest(asked: Asked, path: string, test: Test): Candidates | undefined {
  if (path === 'schemas') return undefined;
  if (path === 'members' || path === 'groups') return candidatesByMember(asked, path, test);
  return candidatesByValue(asked, leafPath(asked.type, path, test.path), test);
}

function candidatesByMember(asked: Asked, path: 'members' | 'groups', test: Test): Candidates | undefined {
  if (test.path !== 'value' || test.op !== 'eq') return undefined;
  const attribute = attributeAt(asked.type, `${path}.value`);
  const is = (id: RawBuilder<unknown>) => compareId(id, attribute, test);
  const of = sql`from group_member m where m.tenant = ${asked.viewer.tenant}`;
  if (path === 'groups') {
    return {
      ids: sql`select m.user_id as id ${of} and m.user_id is not null and ${is(sql`m.group_id`)}`,
      rank: 6,
      exact: true,
    };
  }
  const member = sql`(${is(sql`m.user_id`)} or ${is(sql`m.nested_group_id`)})`;
  return { ids: sql`select m.group_id as id ${of} and ${member}`, rank: 2, exact: true };
}

function candidatesByExternalId(asked: Asked, test: Test): Candidates | undefined {
  const attribute = attributeAt(asked.type, test.path);
  return {
    ids: sql`${externalIds(asked)} and ${compareText(sql`e.value`, test.op, testKey(attribute, test))}`,
    rank: rankOf(test),
    exact: true,
  };
}

function externalIds({ viewer, type }: Asked): RawBuilder<unknown> {
  return sql`select e.resource as id from external_id e where e.tenant = ${viewer.tenant}
    and e.connection = ${viewer.connection} and e.kind = ${type.name}`;
}
