import { groupType, userType } from '#attributes/resource-type.ts';
import { fold } from '#domain/fold.ts';
import type { Known } from '#domain/match-exported.ts';
import { indexedLength } from './compare-key.ts';
import type { Db } from './database.ts';
import { listInParts } from './list-in-parts.ts';
import { valuePath } from './value-rows.ts';

/** By what a name of an old system is known here: the first of these under which anybody is found. */
const namePaths = {
  User: ['userName', 'emails.value'].map((path) => valuePath(userType, path)),
  Group: [valuePath(groupType, 'displayName')],
} as const;

const namedStatement = {
  name: 'resources-by-name',
  text: `select k.key, v.path, v.owner from unnest($3::text[]) as k (key)
    join attribute_value v on v.tenant = $1 and v.path = any($2::text[])
      and left(v.text_key, ${indexedLength}) = left(k.key, ${indexedLength}) and v.text_key = k.key
    group by k.key, v.path, v.owner`,
};

/** Who has these names, by their folded form: people by userName, else by e-mail; groups by displayName. */
export async function idsByName(
  db: Db,
  tenant: number,
  kind: keyof typeof namePaths,
  names: readonly string[],
): Promise<Known['named']> {
  const paths = namePaths[kind];
  const folded = [...new Set(names.map(fold))];
  const rows = await listInParts(db, namedStatement, folded, (part) => [tenant, paths, part]);
  const named = new Map<string, readonly string[]>();
  for (const path of paths) {
    const found = Map.groupBy(
      rows.filter((row) => row.path === path && !named.has(row.key as string)),
      (row) => row.key as string,
    );
    for (const [key, some] of found)
      named.set(
        key,
        some.map((row) => row.owner as string),
      );
  }
  return named;
}
