import { allAttributes, type ResourceType } from '#attributes/resource-type.ts';
import type { Filter } from '#domain/filter.ts';

/** The text of a filter in the strict grammar of RFC 7644, with every group in parentheses. */
export function writeFilter(type: ResourceType, filter: Filter): string {
  return write(filter, (path) => writeName(type, path));
}

function write(filter: Filter, name: (path: string) => string): string {
  switch (filter.op) {
    case 'and':
    case 'or':
      return filter.filters.map((inner) => `(${write(inner, name)})`).join(` ${filter.op} `);
    case 'not':
      return `not (${write(filter.filter, name)})`;
    case 'some':
      return `${name(filter.path)}[${write(filter.filter, (part) => part)}]`;
    case 'pr':
      return `${name(filter.path)} pr`;
    case 'eq':
    case 'ne':
    case 'co':
    case 'sw':
    case 'ew':
    case 'gt':
    case 'ge':
    case 'lt':
    case 'le':
      return `${name(filter.path)} ${filter.op} ${JSON.stringify(filter.value)}`;
    case 'like':
      throw new Error('SCIM has no patterns');
  }
}

function writeName(type: ResourceType, path: string): string {
  const [first = '', ...rest] = path.split('.');
  const urn = allAttributes(type)[first]?.urn;
  return urn === undefined ? path : `${urn}:${rest.join('.')}`;
}
