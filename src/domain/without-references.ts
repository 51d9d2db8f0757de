import type { Values } from '#attributes/attribute.ts';
import type { ResourceType } from '#attributes/resource-type.ts';
import { applyChanges } from './apply-changes.ts';
import type { Reference } from './document.ts';

/** The values with these references taken out. */
export function withoutReferences(type: ResourceType, values: Values, references: readonly Reference[]): Values {
  const byPath = Map.groupBy(references, ({ path }) => path);
  const changes = [...byPath].map(([path, some]) =>
    some.some(({ attribute }) => attribute.many)
      ? { op: 'clear' as const, path, value: some.map(({ id }) => ({ value: id })) }
      : { op: 'clear' as const, path },
  );
  return applyChanges(type.attributes, values, changes);
}
