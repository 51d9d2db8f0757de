import type { Db } from './database.ts';

/** That a person is in a group directly. */
export interface Membership {
  readonly person: string;
  readonly group: string;
  /** The number of the membership itself. */
  readonly number: number;
}

const ofPeopleStatement = {
  name: 'memberships-of-people',
  text: `select m.user_id, m.group_id, m.number from group_member m
    where m.tenant = $1 and m.user_id = any($2::uuid[]) and ($3::uuid is null or m.group_id = $3)`,
};

/** In which groups some people are directly, or whether they are in this one; in no order. */
export async function membershipsOf(
  db: Db,
  tenant: number,
  people: readonly string[],
  group?: string,
): Promise<readonly Membership[]> {
  const rows = await db.list({ ...ofPeopleStatement, values: [tenant, people, group ?? null] });
  return rows.map((row) => ({
    person: row.user_id as string,
    group: row.group_id as string,
    number: row.number as number,
  }));
}

const numbersStatement = {
  name: 'numbers-of-people',
  text: 'select id, number from app_user where tenant = $1 and id = any($2::uuid[])',
};

/** The numbers of some people, by their ids. */
export async function numbersOf(
  db: Db,
  tenant: number,
  people: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await db.list({ ...numbersStatement, values: [tenant, people] });
  return new Map(rows.map((row) => [row.id as string, row.number as number]));
}

const byNumberStatement = {
  name: 'person-by-number',
  text: 'select id from app_user where tenant = $1 and number = $2',
};

/** The id of the person with this number, whatever other systems call him; undefined where nobody has it. */
export async function findByNumber(db: Db, tenant: number, number: number): Promise<string | undefined> {
  const [row] = await db.read(byNumberStatement, [tenant, number]);
  return row?.id as string | undefined;
}

const findStatement = {
  name: 'membership-by-number',
  text: `select user_id, group_id, number from group_member
    where tenant = $1 and number = $2 and user_id is not null`,
};

/** The membership of a person that has this number. */
export async function findMembership(db: Db, tenant: number, number: number): Promise<Membership | undefined> {
  const [row] = await db.read(findStatement, [tenant, number]);
  return row && { person: row.user_id as string, group: row.group_id as string, number: row.number as number };
}
