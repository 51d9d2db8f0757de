import { type ResourceName, type ResourceType, resourceTypes } from '#attributes/resource-type.ts';
import type { Statement } from './database.ts';

/** One prepared statement for each resource type, made once from the facts of its row. */
export function forEachType(name: string, text: (type: ResourceType) => string): Record<ResourceName, Statement> {
  const statements = resourceTypes.map((type) => [type.name, { name: `${name}-${type.name}`, text: text(type) }]);
  return Object.fromEntries(statements) as Record<ResourceName, Statement>;
}
