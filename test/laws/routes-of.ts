import type { Dialect, DialectRoute } from '#dialects/dialect.ts';

/** A route of a dialect as far as a client sees it. */
export type LawRoute = Pick<DialectRoute, 'method' | 'path' | 'isOpen' | 'query' | 'body'>;

const text = { about: '', shape: { type: 'string' } } as const;

/** SCIM makes its routes from the resource types; these stand for them. */
const routesOfScim: readonly LawRoute[] = [
  { method: 'GET', path: '/Users', query: { filter: text, startIndex: text, count: text, attributes: text } },
  { method: 'POST', path: '/Users', body: { userName: text, name: text, emails: text, active: text, schemas: text } },
  { method: 'GET', path: '/Users/:id' },
  { method: 'PUT', path: '/Users/:id', body: { userName: text, name: text } },
  { method: 'PATCH', path: '/Users/:id', body: { schemas: text, Operations: text } },
  { method: 'DELETE', path: '/Users/:id' },
];

/** The routes of a dialect. */
export function routesOf({ routes }: Dialect): readonly LawRoute[] {
  return routes ?? routesOfScim;
}

/** A path of a route under the dialect's first prefix, with this in the place of every parameter. */
export function pathOf({ prefixes }: Dialect, { path }: LawRoute, parameter: string): string {
  return `${prefixes[0]}${path.replaceAll(/:[a-zA-Z_]+(\{[^}]*\})?/g, parameter)}`;
}
