import type { Attribute } from '#attributes/attribute.ts';
import { commonAttributes } from '#attributes/every-resource.ts';
import type { ResourceType } from '#attributes/resource-type.ts';
import { Fault } from '#domain/fault.ts';
import { resolveName } from './resolve-name.ts';

/** Which attributes an answer shows, as canonical paths: only these, or all but these. */
export interface Projection {
  readonly only?: ReadonlySet<string>;
  readonly without?: ReadonlySet<string>;
}

/**
 * Reads `attributes` and `excludedAttributes`: RFC 7644 section 3.9. Names in any case, with or without URN; unknown ones
 * are ignored. Raises `invalid_value` when both are there.
 */
export function readProjection(
  type: ResourceType,
  attributes: string | undefined,
  excludedAttributes: string | undefined,
): Projection | undefined {
  if (attributes !== undefined && excludedAttributes !== undefined) {
    throw new Fault('invalid_value', 'send attributes or excludedAttributes, not both');
  }
  if (attributes !== undefined) return { only: pathsOf(type, attributes) };
  return excludedAttributes === undefined ? undefined : { without: pathsOf(type, excludedAttributes) };
}

function pathsOf(type: ResourceType, list: string): ReadonlySet<string> {
  const names = list.split(',').map((name) => name.trim().replace(/\[[^\]]*\]/, ''));
  const paths = names.map((name) => resolveName(type, name, { lenient: true }));
  return new Set(paths.flatMap((path) => (path === undefined || path === '' ? [] : [path])));
}

/** Whether an answer shows any of an attribute: asked before it is read from the database. */
export function shows(projection: Projection | undefined, path: string): boolean {
  if (projection?.without?.has(path)) return false;
  return projection?.only === undefined || isNamed(projection.only, path);
}

function isNamed(paths: ReadonlySet<string>, path: string): boolean {
  return paths.has(path) || [...paths].some((named) => named.startsWith(`${path}.`));
}

/** The part of an answer that a projection shows. What is returned always stays. */
export function project(type: ResourceType, answer: Record<string, unknown>, projection: Projection) {
  const rows = Object.entries({ ...commonAttributes, ...type.attributes } as Record<string, Attribute>);
  return Object.fromEntries(
    rows.flatMap(([name, attribute]) => {
      const key = attribute.urn ?? name;
      const value = answer[key];
      const shown = value === undefined ? undefined : shownOf(attribute, name, value, projection);
      return shown === undefined ? [] : [[key, shown]];
    }),
  );
}

function shownOf(attribute: Attribute, path: string, value: unknown, projection: Projection): unknown {
  if (attribute.returned === 'always') return value;
  const { only, without } = projection;
  if (without?.has(path) || (only !== undefined && !isNamed(only, path))) return undefined;
  if (attribute.parts === undefined || only?.has(path)) return value;
  if (only === undefined && ![...(without ?? [])].some((named) => named.startsWith(`${path}.`))) return value;
  return shownParts(attribute, path, value, projection);
}

function shownParts(attribute: Attribute, path: string, value: unknown, projection: Projection): unknown {
  if (Array.isArray(value)) return value.map((element) => shownParts(attribute, path, element, projection));
  const parts = Object.entries(value as Record<string, unknown>).flatMap(([name, inner]) => {
    const part = attribute.parts?.[name];
    const shown = part === undefined ? undefined : shownOf(part, `${path}.${name}`, inner, projection);
    return shown === undefined ? [] : [[name, shown]];
  });
  return parts.length === 0 ? undefined : Object.fromEntries(parts);
}
