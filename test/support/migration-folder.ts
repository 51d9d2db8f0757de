import path from 'node:path';
import type { Client } from 'pg';
import { makeFolder } from './make-folder.ts';

/** The migrations of the program. */
export const shipped = path.resolve(import.meta.dirname, '../../migrations');

/** Makes a folder with two small migrations, and whatever a test puts beside them or instead of them. */
export function makeMigrationFolder(files: Readonly<Record<string, string>> = {}): Promise<string> {
  return makeFolder({
    '0001_fruit.sql': 'create table fruit (name text);\ncreate index fruit_name_idx on fruit (name);\n',
    '0002_colour.sql': 'alter table fruit add colour text;\n',
    ...files,
  });
}

/** Gives the names of everything that a migration can leave behind, in the schema where migrations work. */
export async function contentsOf(client: Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace
     union all select extname from pg_extension where extname <> 'plpgsql' order by name`,
  );
  return rows.map((row) => row.name);
}
