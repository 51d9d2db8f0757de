import type { Db, Query } from '#store/database.ts';

/** The statements that a read sends, in their order. They are not run; each answers that there is nothing. */
export async function statementsOf(read: (db: Db) => Promise<unknown>): Promise<readonly Query[]> {
  const sent: Query[] = [];
  const keep = async (statement: Query, values = statement.values) => {
    sent.push({ ...statement, values });
    return [];
  };
  await read({ read: keep, list: keep } as unknown as Db);
  return sent;
}
