import type { Values } from '#attributes/attribute.ts';
import type { ResourceName, ResourceType } from '#attributes/resource-type.ts';
import type { Caller } from '#domain/caller.ts';
import { type Reference, referencesOf } from '#domain/document.ts';
import { Fault } from '#domain/fault.ts';
import { isId } from '#domain/is-id.ts';
import { withoutReferences } from '#domain/without-references.ts';
import type { WriteRules } from '#domain/write-rules.ts';
import type { Tx } from '#store/database.ts';
import { holdReferred } from '#store/referred.ts';

/** The values whose references all lead somewhere, and the ids that led nowhere and were left out. */
export interface Kept {
  readonly values: Values;
  readonly skipped: readonly string[];
}

/**
 * Makes sure that what a resource newly refers to is there and stays there until the transaction ends. References that
 * it had before are not asked about again. Raises `invalid_value` where the rules refuse an unknown one.
 */
export async function keepReferences(
  tx: Tx,
  caller: Caller,
  type: ResourceType,
  before: Values,
  after: Values,
  rules: WriteRules,
): Promise<Kept> {
  const old = new Set(referencesOf(type, before).map(nameOf));
  const fresh = referencesOf(type, after).filter((reference) => !old.has(nameOf(reference)));
  if (fresh.length === 0) return { values: after, skipped: [] };
  const unknown = await unknownOf(tx, caller, fresh);
  const [first] = unknown;
  if (first === undefined) return { values: after, skipped: [] };
  if (caller.franchisee !== undefined && unknown.some(({ path }) => path === 'muster.franchisee')) {
    throw new Fault('forbidden', 'the franchisee to which this caller is bound is no longer there', {
      wrongCredential: true,
    });
  }
  if (rules.unknownReference === 'refuse') {
    throw new Fault('invalid_value', `${first.path} refers to a resource that does not exist`, {
      attribute: first.path,
    });
  }
  return { values: withoutReferences(type, after, unknown), skipped: unknown.map(({ id }) => id) };
}

async function unknownOf(tx: Tx, caller: Caller, references: readonly Reference[]): Promise<Reference[]> {
  const byKind = Map.groupBy(references, ({ attribute }) => attribute.references?.[0] as ResourceName);
  const found = new Set<string>();
  for (const [kind, some] of byKind) {
    const ids = some.map(({ id }) => id).filter(isId);
    for (const id of await holdReferred(tx, caller, kind, ids)) found.add(id);
  }
  return references.filter(({ id }) => !found.has(id));
}

function nameOf({ path, id }: Reference): string {
  return `${path}=${id}`;
}
