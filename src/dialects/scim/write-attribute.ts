import type { Attribute } from '#attributes/attribute.ts';

/** A schema as /Schemas shows it: RFC 7643 section 7. */
export interface Schema {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly attributes: readonly object[];
}

/** The definitions of the attributes of a table; those that are accepted and forgotten are left out. */
export function writeAttributes(table: Readonly<Record<string, Attribute>>): object[] {
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
