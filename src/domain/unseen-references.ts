import type { Value, Values } from '#attributes/attribute.ts';
import type { ResourceType } from '#attributes/resource-type.ts';
import { applyChanges } from './apply-changes.ts';
import type { Reference } from './document.ts';
import { locate } from './locate.ts';
import { sameValue } from './same-value.ts';

/**
 * Puts back the references that a caller did not see when he changed the rest: into a list beside what he left there,
 * into a single place unless he gave it another value. `whole` are the values with them, `seen` those without.
 */
export function withUnseen(
  type: ResourceType,
  { whole, seen, unseen }: { readonly whole: Values; readonly seen: Values; readonly unseen: readonly Reference[] },
  after: Values,
): Values {
  const byPath = Map.groupBy(unseen, ({ path }) => path);
  const changes = [...byPath].flatMap(([path, references]) => {
    const [before, left, now] = [whole, seen, after].map((values) => valueAt(type, values, path));
    const isUntouched = sameValue(left, now);
    if (isUntouched || references.some(({ attribute }) => attribute.many)) {
      const beside = references.map(({ id }) => ({ value: id }));
      const value = isUntouched ? before : [...((now ?? []) as readonly Value[]), ...beside];
      return [{ op: 'set' as const, path, ...(value !== undefined && { value }) }];
    }
    return [];
  });
  return applyChanges(type.attributes, after, changes);
}

function valueAt(type: ResourceType, values: Values, path: string): Value | undefined {
  const located = locate(type.attributes, path);
  if (located === undefined) return undefined;
  const holder = located.extension === undefined ? values : ((values[located.extension] ?? {}) as Values);
  return holder[located.name];
}
