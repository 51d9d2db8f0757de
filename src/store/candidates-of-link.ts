import { type RawBuilder, sql } from 'kysely';
import type { Test } from '#domain/filter.ts';
import { type Candidates, rankOf } from './candidates.ts';
import { compareId } from './compare-column.ts';
import { compareText, testKey } from './compare-key.ts';
import { attributeAt } from './compile-filter.ts';
import { memberSeen } from './seen.ts';
import type { Asked } from './viewer.ts';

type Link = 'external_id' | 'members' | 'groups';

/** The candidates for a test of what has a table of its own; undefined when no index of that table can begin. */
export function candidatesOfLink(asked: Asked, link: Link, test: Test): Candidates | undefined {
  if (link === 'external_id') return candidatesByExternalId(asked, test);
  return test.path === 'value' ? candidatesByMember(asked, link, test) : candidatesByKind(asked, test);
}

/** Everybody who has any member, group or external id. */
export function candidatesOfLinkPresent(asked: Asked, link: Link): Candidates {
  if (link === 'external_id') return { ids: sql`${externalIds(asked)} and e.value_key <> ''`, rank: 7, exact: true };
  const ids =
    link === 'members'
      ? sql`select m.group_id as id ${membersOf(asked)}`
      : sql`select m.user_id as id ${membersOf(asked)} and m.user_id is not null`;
  return { ids, rank: 8, exact: true };
}

const indexed: readonly string[] = ['eq', 'sw', 'gt', 'ge', 'lt', 'le'];

function candidatesByMember(asked: Asked, link: 'members' | 'groups', test: Test): Candidates | undefined {
  if (!indexed.includes(test.op)) return undefined;
  const attribute = attributeAt(asked.type, `${link}.value`);
  const is = (id: RawBuilder<unknown>) => compareId(id, attribute, test);
  const of = membersOf(asked);
  if (link === 'groups') {
    const ids = sql`select m.user_id as id ${of} and m.user_id is not null and ${is(sql`m.group_id`)}`;
    return { ids, rank: rankOf(test) + 5, exact: true };
  }
  const member = sql`(${is(sql`m.user_id`)} or ${is(sql`m.nested_group_id`)})`;
  return { ids: sql`select m.group_id as id ${of} and ${member}`, rank: rankOf(test) + 1, exact: true };
}

/** Groups in groups are few; people in groups are most of the roll. */
function candidatesByKind(asked: Asked, test: Test): Candidates | undefined {
  const attribute = attributeAt(asked.type, `members.${test.path}`);
  if (test.op !== 'eq' || testKey(attribute, test) !== 'group') return undefined;
  const ids = sql`select m.group_id as id ${membersOf(asked)} and m.nested_group_id is not null`;
  return { ids, rank: 5, exact: true };
}

function membersOf({ viewer }: Asked): RawBuilder<unknown> {
  return sql`from group_member m where m.tenant = ${viewer.tenant}${memberSeen(viewer)}`;
}

function candidatesByExternalId(asked: Asked, test: Test): Candidates {
  const key = testKey(attributeAt(asked.type, test.path), test);
  return {
    ids: sql`${externalIds(asked)} and ${compareText(sql`e.value_key`, test.op, key)}`,
    rank: rankOf(test),
    exact: true,
  };
}

function externalIds({ viewer, type }: Asked): RawBuilder<unknown> {
  return sql`select e.resource as id from external_id e where e.tenant = ${viewer.tenant}
    and e.connection = ${viewer.connection} and e.kind = ${type.name}`;
}
