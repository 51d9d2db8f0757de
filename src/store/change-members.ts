import { type RawBuilder, sql } from 'kysely';
import { groupType } from '#attributes/resource-type.ts';
import type { Filter } from '#domain/filter.ts';
import { compileMember } from './compile-filter.ts';
import type { Statement, Tx } from './database.ts';
import { compileSql, fragment } from './sql-builder.ts';

/** Whose memberships a change may touch: everybody's, those of people alone, or those of one franchisee's people. */
export interface Reach {
  readonly tenant: number;
  readonly peopleOnly?: boolean;
  readonly franchisee?: string;
}

/** What became of the ids that were to be added to a group. */
export interface Added {
  /** Those that were not members before. */
  readonly added: readonly string[];
  /** Those that are nobody's whom the reach has. */
  readonly unknown: readonly string[];
}

/** One statement for each width of the reach; the narrowest takes the franchisee as its last value. */
type Statements = Readonly<Record<'all' | 'people' | 'franchisee', Statement>>;

function statements(name: string, text: (width: keyof Statements) => string): Statements {
  return {
    all: { name, text: text('all') },
    people: { name: `${name}-people`, text: text('people') },
    franchisee: { name: `${name}-bound`, text: text('franchisee') },
  };
}

function run(tx: Tx, all: Statements, { tenant, peopleOnly, franchisee }: Reach, values: readonly unknown[]) {
  if (franchisee !== undefined) return tx.run(all.franchisee, [tenant, ...values, franchisee]);
  return tx.run(peopleOnly ? all.people : all.all, [tenant, ...values]);
}

const orGroups = `
      union all
      select g.id, 'Group' from given g join app_group c on c.tenant = $1 and c.id = g.id`;

const addable: Readonly<Record<keyof Statements, string>> = {
  all: orGroups,
  people: '',
  franchisee: ' and u.franchisee = $4',
};

const addStatements = statements(
  'add-members',
  (width) => `with given as (select distinct id from unnest($3::uuid[]) as id),
    found as (
      select g.id, 'User' as kind from given g join app_user u on u.tenant = $1 and u.id = g.id${addable[width]}
    ),
    added as (
      insert into group_member (tenant, group_id, member, kind)
      select $1, $2, id, kind from found order by id
      on conflict do nothing
      returning member
    )
    select array(select member from added)::text[] as added,
      array(select id from given where id not in (select id from found))::text[] as unknown`,
);

/** Adds members to a group in one statement, whatever the size of the group. Those who are members already stay. */
export async function addMembers(tx: Tx, reach: Reach, group: string, ids: readonly string[]): Promise<Added> {
  const [row] = await run(tx, addStatements, reach, [group, ids]);
  return { added: row?.added as string[], unknown: row?.unknown as string[] };
}

/** That a row of the members' table is within the reach; the fourth value is the franchisee. */
const reaches: Readonly<Record<keyof Statements, string>> = {
  all: '',
  people: ' and user_id is not null',
  franchisee: ' and exists (select from app_user u where u.tenant = $1 and u.id = user_id and u.franchisee = $4)',
};

const removeStatements = statements(
  'remove-members',
  (width) =>
    `delete from group_member where tenant = $1 and group_id = $2 and member = any($3::uuid[])${reaches[width]} returning member`,
);

/** Takes members out of a group in one statement. Gives those who were in it. */
export async function removeMembers(tx: Tx, reach: Reach, group: string, ids: readonly string[]): Promise<string[]> {
  return membersIn(await run(tx, removeStatements, reach, [group, ids]));
}

const keepStatements = statements(
  'keep-members',
  (width) => `delete from group_member m where m.tenant = $1 and m.group_id = $2
    and not exists (select from unnest($3::uuid[]) as kept where kept = m.member)${reaches[width]} returning m.member`,
);

/** Takes everybody out of a group but those with these ids. Gives those who left. */
export async function keepMembers(tx: Tx, reach: Reach, group: string, ids: readonly string[]): Promise<string[]> {
  return membersIn(await run(tx, keepStatements, reach, [group, ids]));
}

/** Takes those members out of a group for whom a filter on their row holds. Gives those who left. */
export async function removeMembersWhere(tx: Tx, reach: Reach, group: string, where: Filter): Promise<string[]> {
  const condition = compileMember(groupType, 'members', where, sql`m.member`);
  const statement = sql`delete from group_member m where m.tenant = ${reach.tenant} and m.group_id = ${group} and ${condition}${within(reach)} returning m.member`;
  return membersIn(await tx.run(compileSql(statement)));
}

function within({ tenant, peopleOnly, franchisee }: Reach): RawBuilder<unknown> {
  if (franchisee !== undefined) return fragment(reaches.franchisee, [tenant, undefined, undefined, franchisee]);
  return peopleOnly ? sql.raw(reaches.people) : sql``;
}

function membersIn(rows: readonly { readonly member?: unknown }[]): string[] {
  return rows.map(({ member }) => member as string);
}
