import type { Attribute } from '#attributes/attribute.ts';
import { commonAttributes } from '#attributes/every-resource.ts';
import { type ResourceType, resourceTypes } from '#attributes/resource-type.ts';
import { describedSchemas } from './described-schemas.ts';

/** A schema as /Schemas shows it: RFC 7643 section 7. */
export interface Schema {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly attributes: readonly object[];
}

/** Every schema that the server speaks: those of the resource types, their extensions, and those of discovery itself. */
export function allSchemas(): readonly Schema[] {
  const own = resourceTypes.flatMap((type) => [schemaOf(type), ...extensionsOf(type)]);
  return [...own, ...describedSchemas];
}

function schemaOf(type: ResourceType): Schema {
  const { externalId } = commonAttributes;
  const core = Object.entries(type.attributes).filter(([, { urn }]) => urn === undefined);
  const attributes = [...writeAttributes(Object.fromEntries(core)), writeAttribute('externalId', externalId)];
  return { id: type.urn, name: type.name, description: type.about, attributes };
}

function extensionsOf(type: ResourceType): Schema[] {
  return Object.entries(type.attributes).flatMap(([name, { urn, about, parts = {} }]) =>
    urn === undefined
      ? []
      : [{ id: urn, name: schemaName(name, type), description: about, attributes: writeAttributes(parts) }],
  );
}

function schemaName(extension: string, type: ResourceType): string {
  return `${extension.charAt(0).toUpperCase()}${extension.slice(1)} ${type.name}`;
}

function writeAttributes(table: Readonly<Record<string, Attribute>>): object[] {
  return Object.entries(table)
    .filter(([, { dropped }]) => !dropped)
    .map(([name, attribute]) => writeAttribute(name, attribute));
}

/** One attribute definition: RFC 7643 section 7. Every characteristic is said, also where it is the default. */
export function writeAttribute(name: string, attribute: Attribute): object {
  const { type, many, about, required, caseExact, mutability, returned, uniqueness, canonical, references, parts } =
    attribute;
  return {
    name,
    type,
    multiValued: many === true,
    description: about,
    required: required === true,
    ...(type !== 'boolean' && type !== 'complex' && { caseExact: caseExact === true }),
    mutability: mutability ?? (attribute.computed ? 'readOnly' : 'readWrite'),
    returned: returned ?? 'default',
    uniqueness: uniqueness ?? 'none',
    ...(canonical !== undefined && canonical.length > 0 && { canonicalValues: canonical }),
    ...(type === 'reference' && { referenceTypes: references ?? ['uri'] }),
    ...(parts !== undefined && { subAttributes: writeAttributes(parts) }),
  };
}

/** A resource of discovery with its `meta`: RFC 7644 section 4. */
export function writeDescription(
  urn: string,
  resourceType: string,
  base: string,
  path: string,
  description: object,
): object {
  return { schemas: [urn], ...description, meta: { resourceType, location: `${base}${path}` } };
}
