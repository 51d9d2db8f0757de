import { sql } from 'kysely';
import { groupType } from '#attributes/resource-type.ts';
import type { Filter } from '#domain/filter.ts';
import { compileMember } from './compile-filter.ts';
import type { Tx } from './database.ts';
import { compileSql } from './sql-builder.ts';

/** Takes those members out of a group for whom a filter on their row holds. Gives those who left. */
export async function removeMembersWhere(tx: Tx, tenant: number, group: string, where: Filter): Promise<string[]> {
  const condition = compileMember(groupType, 'members', where, sql`m.member`);
  const rows = await tx.run(
    compileSql(
      sql`delete from group_member m where m.tenant = ${tenant} and m.group_id = ${group} and ${condition} returning m.member`,
    ),
  );
  return rows.map((row) => row.member as string);
}
