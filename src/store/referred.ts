import { type ResourceName, resourceTypeOf, resourceTypes } from '#attributes/resource-type.ts';
import { locateAll } from '#domain/locate.ts';
import { indexedLength } from './compare-key.ts';
import type { Tx } from './database.ts';
import { boundOf, isSeen } from './seen.ts';
import { forEachType } from './statements.ts';
import { valuePath } from './value-rows.ts';
import type { Viewer } from './viewer.ts';

const holdStatement = forEachType(
  'hold',
  (type) => `select id from ${type.table} where tenant = $1 and id = any($2::uuid[]) order by id for key share`,
);

const boundHoldStatement = forEachType(
  'hold-bound',
  (type) => `select r.id from ${type.table} r
    where r.tenant = $1 and r.id = any($2::uuid[])${isSeen(type.name, '$1', '$3')} order by r.id for key share of r`,
);

/** Which of these ids are resources of this kind that the viewer sees; each is kept from being deleted until the transaction ends. */
export async function holdReferred(
  tx: Tx,
  viewer: Viewer,
  kind: ResourceName,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const franchisee = boundOf(viewer, resourceTypeOf(kind));
  const rows =
    franchisee === undefined
      ? await tx.run(holdStatement[kind], [viewer.tenant, ids])
      : await tx.run(boundHoldStatement[kind], [viewer.tenant, ids, franchisee]);
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
