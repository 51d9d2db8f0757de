import type { ResourceType } from '#attributes/resource-type.ts';
import { Fault } from '#domain/fault.ts';
import type { PatchOp, Wish } from './patch.ts';

/**
 * Reads an operation on `schemas`: removing the URN of an extension removes its attributes, adding one says
 * nothing that its attributes would not. Raises `read_only` for the URN of the resource itself.
 */
export function readSchemasOperation(type: ResourceType, verb: PatchOp, value: unknown): Wish[] {
  if (verb !== 'remove') return [];
  const named = (Array.isArray(value) ? value : [value ?? type.urn]).map((urn) => String(urn).toLowerCase());
  if (named.includes(type.urn.toLowerCase())) {
    throw new Fault('read_only', `${type.urn} cannot be removed from schemas`, { attribute: 'schemas' });
  }
  const extensions = Object.entries(type.attributes).filter(([, { urn }]) => urn && named.includes(urn.toLowerCase()));
  return extensions.map(([path]) => ({ change: { op: 'clear', path } }));
}
