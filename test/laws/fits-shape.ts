import type { Shape } from '#dialects/representation.ts';

/** Where a value does not fit a shape, as lines for people; none when it fits. */
export function misfits(shape: Shape, value: unknown, place = ''): readonly string[] {
  const types = typeof shape.type === 'string' ? [shape.type] : shape.type;
  if (!types.some((type) => isOf(type, value))) return [`${place || 'the whole'} is no ${types.join(' or ')}`];
  if (shape.enum !== undefined && value !== null && !shape.enum.includes(String(value)))
    return [`${place} is none of ${shape.enum.join(', ')}`];
  if (Array.isArray(value)) {
    const { items } = shape;
    return items === undefined ? [] : value.flatMap((each, at) => misfits(items, each, `${place}/${at}`));
  }
  if (typeof value === 'object' && value !== null) return misfitsOfObject(shape, value, place);
  return [];
}

function misfitsOfObject(shape: Shape, value: object, place: string): readonly string[] {
  const { properties = {}, required = [], additionalProperties } = shape;
  const missing = required.filter((name) => !(name in value)).map((name) => `${place}/${name} is missing`);
  const wrong = Object.entries(value).flatMap(([name, inner]) => {
    const own = properties[name] ?? additionalProperties;
    return own === undefined ? [] : misfits(own, inner, `${place}/${name}`);
  });
  return [...missing, ...wrong];
}

function isOf(type: string, value: unknown): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'string':
      return typeof value === 'string';
    default:
      return typeof value === 'boolean';
  }
}
