import { type RawBuilder, sql } from 'kysely';
import type { Attribute } from '#attributes/attribute.ts';
import type { Filter, Test } from '#domain/filter.ts';
import { type Candidates, rankOf } from './candidates.ts';
import { candidatesOfLink, candidatesOfLinkPresent } from './candidates-of-link.ts';
import { anyValueOf, compareColumn } from './compare-column.ts';
import { type Condition, compareText, compareValue, testKey } from './compare-key.ts';
import { attributeAt, leafPath, unindexed } from './compile-filter.ts';
import { hasValue } from './has-value.ts';
import { isInTrigrams, searchKey, searchPattern } from './search-key.ts';
import { valueSeen } from './seen.ts';
import { valuePath } from './value-rows.ts';
import type { Asked } from './viewer.ts';

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
      sql` union all `,
    ),
    rank: Math.max(...known.map(({ rank }) => rank)),
    exact: known.every(({ exact }) => exact),
    ...(known.some(({ bounded }) => bounded) && { bounded: true as const }),
  };
}

function candidatesOfTest(asked: Asked, test: Test): Candidates | undefined {
  const { stored } = attributeAt(asked.type, test.path);
  if (stored === undefined) return undefined;
  if ('link' in stored) return candidatesOfLink(asked, stored.link, test);
  if ('column' in stored && !(looksInside(test) && stored.values === 'text'))
    return candidatesByColumn(asked, stored.column, test);
  return candidatesByValue(asked, test.path, test);
}

function looksInside({ op }: Test): boolean {
  return op === 'co' || op === 'ew' || op === 'like';
}

const indexedColumns: Readonly<Record<string, readonly string[]>> = {
  id: ['eq', 'sw', 'gt', 'ge', 'lt', 'le'],
  created_at: ['eq', 'gt', 'ge', 'lt', 'le'],
  modified_at: ['eq', 'gt', 'ge', 'lt', 'le'],
  must_change_password: ['eq'],
  failed_login_attempts: ['eq', 'gt', 'ge', 'lt', 'le', 'pr'],
  locked_until: ['eq', 'gt', 'ge', 'lt', 'le', 'pr'],
  last_login_at: ['eq', 'gt', 'ge', 'lt', 'le', 'pr'],
  user_name_key: ['eq', 'sw', 'gt', 'ge', 'lt', 'le'],
};

function candidatesByColumn(asked: Asked, column: string, test: Test): Candidates | undefined {
  if (!indexedColumns[column]?.includes(test.op)) return undefined;
  const attribute = attributeAt(asked.type, test.path);
  const condition = compareColumn(asked.type, column, attribute, test);
  const isUnique = test.op === 'eq' && !isCommon(attribute);
  return { ids: idsWhere(asked, condition), rank: rankOf(test) - (isUnique ? 1 : 0), exact: true };
}

/** Only for columns that few have a value in: everybody has one in the others. */
function candidatesByColumnPresent(asked: Asked, column: string): Candidates | undefined {
  if (!indexedColumns[column]?.includes('pr')) return undefined;
  return { ids: idsWhere(asked, anyValueOf(column)), rank: 7, exact: true };
}

function idsWhere({ type, viewer }: Asked, condition: Condition): RawBuilder<unknown> {
  return sql`select r.id from ${sql.table(type.table)} r where r.tenant = ${viewer.tenant} and ${condition}`;
}

function candidatesByValue(asked: Asked, path: string, test: Test): Candidates {
  const attribute = attributeAt(asked.type, path);
  const key = testKey(attribute, test);
  const isText = attribute.stored !== undefined && 'values' in attribute.stored && attribute.stored.values === 'text';
  const pieces = test.op === 'like' ? String(key).split(/[%_]/) : [String(key)];
  const byTrigram = looksInside(test) && isText && pieces.some(isInTrigrams);
  const scanned = looksInside(test) && !byTrigram;
  return {
    ids: sql`select v.owner as id from attribute_value v where v.tenant = ${asked.viewer.tenant}
      and v.path = ${valuePath(asked.type, path)} and ${byTrigram ? inTrigrams(attribute, test) : compareValue(attribute, test)}${valueSeen(asked.viewer, asked.type)}`,
    rank: scanned ? 8 : rankOf(test) + (test.op === 'eq' && isCommon(attribute) ? 6 : 0),
    exact: true,
    ...(scanned && { bounded: true as const }),
  };
}

/** The trigram index may find others too, so the exact condition stands beside it, where no other index serves it. */
function inTrigrams(attribute: Attribute, test: Test): Condition {
  const key = String(testKey(attribute, test));
  const search = test.op === 'like' ? searchPattern(key) : searchKey(key);
  return sql`v.searchable and ${compareText(sql`coalesce(v.search_key, v.text_key)`, test.op, search)}
    and ${unindexed(compareValue(attribute, test))}`;
}

/** Whether many have the same value: flags, and words from a short list such as the type of an address. */
function isCommon({ type, stored, references }: Attribute): boolean {
  const isPlain = stored !== undefined && 'values' in stored && stored.values === 'plain';
  return type === 'boolean' || (type === 'string' && isPlain && references === undefined);
}

function candidatesPresent(asked: Asked, path: string): Candidates | undefined {
  const { viewer, type } = asked;
  if (path === 'schemas') return undefined;
  if (path === 'members' || path === 'groups') return candidatesOfLinkPresent(asked, path);
  const { stored } = attributeAt(type, path);
  if (stored !== undefined && 'column' in stored) return candidatesByColumnPresent(asked, stored.column);
  if (stored !== undefined && 'link' in stored) return candidatesOfLinkPresent(asked, stored.link);
  const selects = hasValue(type, path).map(
    (condition) =>
      sql`select v.owner as id from attribute_value v where v.tenant = ${viewer.tenant} and ${condition}${valueSeen(viewer, type)}`,
  );
  return { ids: sql.join(selects, sql` union all `), rank: 7, exact: true };
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
  if (path === 'members' || path === 'groups') return candidatesOfLink(asked, path, test);
  return candidatesByValue(asked, leafPath(asked.type, path, test.path), test);
}
