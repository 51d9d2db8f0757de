import type { Attribute, Attributes } from '#attributes/attribute.ts';

/** An attribute found by its path, with what stands above it. */
export interface Located {
  /** The canonical path: `emails.value`, `enterprise.manager.value`. */
  readonly path: string;
  /** The extension that holds it, as a key of the table. */
  readonly extension?: string;
  /** The name of the attribute within the table or its extension. */
  readonly name: string;
  readonly attribute: Attribute;
  /** The part of a complex attribute that the path names. */
  readonly part?: { readonly name: string; readonly attribute: Attribute };
}

const known = new WeakMap<Attributes, Map<string, Located>>();

/** Finds what a canonical path names in a table, or undefined. Gives extensions themselves too. */
export function locate(table: Attributes, path: string): Located | undefined {
  let paths = known.get(table);
  if (paths === undefined) {
    paths = new Map(locateAll(table).map((located) => [located.path, located]));
    known.set(table, paths);
  }
  return paths.get(path);
}

/** Every path of a table, extensions and parts included, in the order of the table. */
export function locateAll(table: Attributes): Located[] {
  return Object.entries(table).flatMap(([name, attribute]) =>
    attribute.urn === undefined
      ? within(undefined, name, attribute)
      : [{ path: name, name, attribute }, ...insideExtension(name, attribute)],
  );
}

/** The attribute that a path stands for when a value is compared: a multi-valued one means its `value` part. */
export function leafOf(located: Located): Attribute {
  return located.part?.attribute ?? located.attribute.parts?.value ?? located.attribute;
}

function insideExtension(extension: string, attribute: Attribute): Located[] {
  return Object.entries(attribute.parts ?? {}).flatMap(([name, inner]) => within(extension, name, inner));
}

function within(extension: string | undefined, name: string, attribute: Attribute): Located[] {
  const base = { ...(extension !== undefined && { extension }), name, attribute };
  const path = extension === undefined ? name : `${extension}.${name}`;
  const parts = Object.entries(attribute.parts ?? {});
  return [
    { ...base, path },
    ...parts.map(([part, inner]) => ({ ...base, path: `${path}.${part}`, part: { name: part, attribute: inner } })),
  ];
}
