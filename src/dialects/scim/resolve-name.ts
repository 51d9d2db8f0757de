import type { Attribute } from '#attributes/attribute.ts';
import { allAttributes, type ResourceType } from '#attributes/resource-type.ts';
import { type Located, locateAll } from '#domain/locate.ts';

interface Names {
  readonly strict: ReadonlyMap<string, string>;
  /** The attributes of extensions by their bare names. */
  readonly bare: ReadonlyMap<string, string>;
}

const known = new WeakMap<ResourceType, Names>();
const printable = /^[\x21-\x7e]+$/;

/**
 * The canonical path of a name as clients write it, in any case: `userName`, `emails.value`, with or without the URN of
 * its schema, which a colon or a dot ends. Lenient also finds attributes of extensions by their bare name, those of
 * the first extension in the table first. The URN of an extension gives the path of the extension, that of the
 * resource type gives ''. Undefined: there is no such attribute. RFC 7644 section 3.10.
 */
export function resolveName(
  type: ResourceType,
  name: string,
  options: { readonly lenient: boolean },
): string | undefined {
  if (!printable.test(name)) return undefined; // toLowerCase maps some letters, such as the Kelvin sign, to ASCII
  const names = namesOf(type);
  const key = name.toLowerCase();
  return names.strict.get(key) ?? (options.lenient ? names.bare.get(key) : undefined);
}

/** The canonical name of a part of an attribute, in any case; an element without parts has `value`. Undefined: none such. */
export function resolvePart(attribute: Attribute, name: string): string | undefined {
  if (!printable.test(name)) return undefined;
  const key = name.toLowerCase();
  return Object.keys(attribute.parts ?? { value: attribute }).find((part) => part.toLowerCase() === key);
}

function namesOf(type: ResourceType): Names {
  const names = known.get(type) ?? collectNames(type);
  known.set(type, names);
  return names;
}

function collectNames(type: ResourceType): Names {
  const table = allAttributes(type);
  const strict = new Map([[type.urn.toLowerCase(), '']]);
  const bare = new Map<string, string>();
  for (const located of locateAll(table)) {
    const inner = nameInSchema(located);
    const urn = (located.extension === undefined ? type.urn : (table[located.extension]?.urn ?? '')).toLowerCase();
    if (inner === undefined) strict.set((located.attribute.urn ?? '').toLowerCase(), located.path);
    else {
      strict.set(`${urn}:${inner}`, located.path).set(`${urn}.${inner}`, located.path);
      if (located.extension === undefined) strict.set(inner, located.path);
      else if (!bare.has(inner)) bare.set(inner, located.path);
    }
  }
  return { strict, bare };
}

/** The name in lower case without its extension; undefined for an extension itself, which only its URN names. */
function nameInSchema({ attribute, extension, path }: Located): string | undefined {
  if (attribute.urn !== undefined && extension === undefined) return undefined;
  return (extension === undefined ? path : path.slice(extension.length + 1)).toLowerCase();
}
