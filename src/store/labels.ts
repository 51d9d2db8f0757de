import { resourceTypeOf } from '#attributes/resource-type.ts';
import { readValues, referencesOf } from '#domain/document.ts';
import type { Resource } from '#domain/resource.ts';
import type { Db } from './database.ts';

/** Adds to each resource that refers to others what those are called. Costs nothing where no resource refers to any. */
export async function withLabels(db: Db, tenant: number, resources: readonly Resource[]): Promise<readonly Resource[]> {
  if (!resources.some(({ refers }) => refers)) return resources;
  const ids = resources.flatMap((resource) => (resource.refers ? referredIds(resource) : []));
  const labels = await labelsOf(db, tenant, [...new Set(ids)]);
  return resources.map((resource) => (resource.refers ? { ...resource, labels } : resource));
}

function referredIds(resource: Resource): string[] {
  const type = resourceTypeOf(resource.kind);
  return referencesOf(type, readValues(type, resource.document)).map(({ id }) => id);
}

const labelsText = ['app_user', 'app_group', 'org_unit']
  .map((table) => `select id, label from ${table} where tenant = $1 and id = any($2::uuid[])`)
  .join(' union all ');

const labelsStatement = { name: 'labels', text: labelsText };

/** What the resources with these ids are called, whatever they are. Ids that nobody has are left out. */
async function labelsOf(db: Db, tenant: number, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const rows = await db.read(labelsStatement, [tenant, ids]);
  return new Map(rows.map((row) => [row.id as string, row.label as string]));
}
