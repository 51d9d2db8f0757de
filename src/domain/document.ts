import type { Attribute, Value, Values } from '#attributes/attribute.ts';
import type { ResourceType } from '#attributes/resource-type.ts';

/**
 * The attributes of a resource as JSON text in the names of RFC 7643: extensions under their URN, `schemas` first. What
 * other resources decide (locations, names of what it refers to, groups, members) is not in it.
 */
export function writeDocument(type: ResourceType, values: Values): string {
  const present = Object.entries(type.attributes).filter(([name]) => values[name] !== undefined);
  const urns = present.flatMap(([, attribute]) => (attribute.urn === undefined ? [] : [attribute.urn]));
  const named = present.map(([name, attribute]) => [attribute.urn ?? name, values[name]]);
  return JSON.stringify({ schemas: [type.urn, ...urns], ...Object.fromEntries(named) });
}

/** The attributes of a resource from the text that `writeDocument` made. */
export function readValues(type: ResourceType, document: string): Values {
  const parsed = JSON.parse(document) as Record<string, Value>;
  const names = namesOf(type);
  const values: Record<string, Value> = {};
  // Long lists read thousands of documents, so nothing is made here that is not kept.
  for (const key in parsed) {
    const name = names.get(key);
    if (name !== undefined) values[name] = parsed[key] as Value;
  }
  return values;
}

const namesByType = new WeakMap<ResourceType, ReadonlyMap<string, string>>();

/** The names of a type's attributes by what they are called in documents, where extensions stand under their URN. */
function namesOf(type: ResourceType): ReadonlyMap<string, string> {
  const known =
    namesByType.get(type) ?? new Map(Object.entries(type.attributes).map(([name, { urn = name }]) => [urn, name]));
  namesByType.set(type, known);
  return known;
}

/** A reference that a resource holds: which attribute, to what. */
export interface Reference {
  readonly path: string;
  readonly attribute: Attribute;
  readonly id: string;
}

/** Every reference to another resource in the values, group members left out: those have a table of their own. */
export function referencesOf(type: ResourceType, values: Values): Reference[] {
  return Object.entries(type.attributes).flatMap(([name, attribute]) =>
    attribute.urn === undefined
      ? referencesIn(name, attribute, values[name])
      : Object.entries(attribute.parts ?? {}).flatMap(([inner, row]) =>
          referencesIn(`${name}.${inner}`, row, (values[name] as Values | undefined)?.[inner]),
        ),
  );
}

function referencesIn(path: string, attribute: Attribute, value: Value | undefined): Reference[] {
  if (attribute.type !== 'complex' || attribute.references === undefined || value === undefined) return [];
  const elements = (attribute.many ? value : [value]) as readonly Values[];
  return elements.flatMap(({ value: id }) => (typeof id === 'string' ? [{ path, attribute, id }] : []));
}

/** The org unit of the franchisee whose person this is. */
export function franchiseeOf(values: Values): string | undefined {
  const { franchisee } = (values.muster ?? {}) as Values;
  return (franchisee as Values | undefined)?.value as string | undefined;
}

/** What people call a resource: shown where others refer to it. */
export function labelOf(type: ResourceType, values: Values, objectId: string): string {
  const label = values.displayName ?? (values.name as Values | undefined)?.formatted ?? values[type.named] ?? objectId;
  return String(label);
}
