import type { Db, Row, Statement } from './database.ts';

/** How many are asked about in one statement. */
const askedAtOnce = 5_000;

/** The rows of a statement that asks about very many, some thousands at a time. */
export async function listInParts(
  db: Db,
  statement: Statement,
  asked: readonly string[],
  valuesFor: (part: readonly string[]) => readonly unknown[],
): Promise<Row[]> {
  const rows: Row[] = [];
  for (let from = 0; from < asked.length; from += askedAtOnce) {
    rows.push(...(await db.list({ ...statement, values: valuesFor(asked.slice(from, from + askedAtOnce)) })));
  }
  return rows;
}
