import { resourceTypeOf, resourceTypes } from '#attributes/resource-type.ts';
import { type Reference, readValues, referencesOf, writeDocument } from '#domain/document.ts';
import type { Resource } from '#domain/resource.ts';
import { withoutReferences } from '#domain/without-references.ts';
import type { Db, Tx } from './database.ts';
import { isSeen } from './seen.ts';
import type { Viewer } from './viewer.ts';

/**
 * Adds to each resource that refers to others what those are called, and takes out the references to those whom the
 * viewer does not see. Costs nothing where no resource refers to any.
 */
export async function withLabels(db: Db, viewer: Viewer, resources: readonly Resource[]): Promise<readonly Resource[]> {
  if (!resources.some(({ refers }) => refers)) return resources;
  const ids = resources.flatMap((resource) => (resource.refers ? referredIds(resource) : []));
  const labels = await labelsOf(db, viewer, [...new Set(ids)]);
  const shown = viewer.franchisee === undefined ? resources : resources.map((one) => withoutUnseen(one, labels));
  return shown.map((resource) => (resource.refers ? { ...resource, labels } : resource));
}

function withoutUnseen(resource: Resource, seen: ReadonlyMap<string, string>): Resource {
  if (!resource.refers) return resource;
  const type = resourceTypeOf(resource.kind);
  const values = readValues(type, resource.document);
  const unseen = referencesOf(type, values).filter(({ id }) => !seen.has(id));
  if (unseen.length === 0) return resource;
  return { ...resource, document: writeDocument(type, withoutReferences(type, values, unseen)) };
}

/** Those references that lead to somebody whom the viewer does not see; none for one who is not bound. */
export async function unseenOf(
  tx: Tx,
  viewer: Viewer,
  references: readonly Reference[],
): Promise<readonly Reference[]> {
  if (viewer.franchisee === undefined || references.length === 0) return [];
  const ids = references.map(({ id }) => id);
  const rows = await tx.run(boundLabelsStatement, [viewer.tenant, ids, viewer.franchisee]);
  const seen = new Set(rows.map((row) => row.id));
  return references.filter(({ id }) => !seen.has(id));
}

function referredIds(resource: Resource): string[] {
  const type = resourceTypeOf(resource.kind);
  return referencesOf(type, readValues(type, resource.document)).map(({ id }) => id);
}

const labelsText = ['app_user', 'app_group', 'org_unit']
  .map((table) => `select id, label from ${table} where tenant = $1 and id = any($2::uuid[])`)
  .join(' union all ');

const labelsStatement = { name: 'labels', text: labelsText };

const boundLabelsStatement = {
  name: 'labels-bound',
  text: resourceTypes
    .map(
      ({ name, table }) => `select r.id, r.label from ${table} r
        where r.tenant = $1 and r.id = any($2::uuid[])${isSeen(name, '$1', '$3')}`,
    )
    .join(' union all '),
};

/** What the resources with these ids are called, whatever they are. Ids that nobody has, or nobody whom the viewer sees, are left out. */
async function labelsOf(
  db: Db,
  { tenant, franchisee }: Viewer,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows =
    franchisee === undefined
      ? await db.read(labelsStatement, [tenant, ids])
      : await db.read(boundLabelsStatement, [tenant, ids, franchisee]);
  return new Map(rows.map((row) => [row.id as string, row.label as string]));
}
