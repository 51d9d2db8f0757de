import { commonAttributes } from '#attributes/every-resource.ts';
import { type ResourceType, resourceTypes } from '#attributes/resource-type.ts';
import { describedSchemas } from './described-schemas.ts';
import { type Schema, writeAttribute, writeAttributes } from './write-attribute.ts';

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
