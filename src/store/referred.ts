import { type ResourceName, resourceTypeOf, resourceTypes } from '#attributes/resource-type.ts';
import { locateAll } from '#domain/locate.ts';
import { indexedLength } from './compare-key.ts';
import type { Tx } from './database.ts';
import { valuePath } from './value-rows.ts';

const holdStatements = Object.fromEntries(
  resourceTypes.map((type) => [
    type.name,
    {
      name: `hold-${type.name}`,
      text: `select id from ${type.table} where tenant = $1 and id = any($2::uuid[]) order by id for key share`,
    },
  ]),
);

/** Which of these ids are resources of this kind; each is kept from being deleted until the transaction ends. */
export async function holdReferred(
  tx: Tx,
  tenant: number,
  kind: ResourceName,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const statement = holdStatements[resourceTypeOf(kind).name];
  if (statement === undefined || ids.length === 0) return new Set();
  const rows = await tx.run(statement, [tenant, ids]);
  return new Set(rows.map((row) => row.id as string));
}

/** A resource that refers to another one. */
export interface Referrer {
  readonly kind: ResourceName;
  readonly id: string;
}

/** The kind of the resources that have such a reference, by the name under which the value table knows its path. */
const kindOfPath = new Map(
  resourceTypes.flatMap((type) =>
    locateAll(type.attributes)
      .filter(
        ({ part, attribute }) => part?.name === 'value' && attribute.references !== undefined && !attribute.computed,
      )
      .filter(({ name }) => name !== 'members')
      .map(({ path }) => [valuePath(type, path), type.name] as const),
  ),
);

const referrersStatement = {
  name: 'referrers',
  text: `select owner, min(path) as path from attribute_value
    where tenant = $1 and path = any($2::text[]) and left(text_key, ${indexedLength}) = $3 group by owner order by owner`,
};

/** Every resource that refers to this id, each once, in the order of their ids; members of groups are not among them. */
export async function referrersOf(tx: Tx, tenant: number, id: string): Promise<Referrer[]> {
  const rows = await tx.run(referrersStatement, [tenant, [...kindOfPath.keys()], id]);
  return rows.map((row) => ({ kind: kindOfPath.get(row.path as string) as ResourceName, id: row.owner as string }));
}
