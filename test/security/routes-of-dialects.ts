import { dialects } from '#dialects/index.ts';
import { nobody } from '../dialects/scim/scim-client.ts';

/** What is asked for. */
export interface Route {
  readonly method: string;
  readonly path: string;
}

/** A pattern as a path, with ids that nothing has. */
export function filled(pattern: string): string {
  return pattern
    .replace(/:\w+\{\[0-9\]\+\}/g, '999')
    .replace(/:\w+/g, nobody)
    .replace(/\*$/, 'somewhere');
}

/** The routes of the APIs that say to everybody which paths and methods there are, as requests. */
export const described = dialects.flatMap(({ routes = [], prefixes: [prefix] }) =>
  routes.flatMap(({ method, path, isOpen = false }) =>
    (method === 'GET' ? ['GET', 'HEAD'] : [method]).map(
      (one) => [`${one} ${filled(`${prefix}${path}`)}`, isOpen] as const,
    ),
  ),
);
const isRoute = new Map(described);

/** Whether an answer opens nothing: who asks is nobody, or what he asks for is not there. */
export function isClosed({ method, path }: Route, status: number): boolean {
  const isDescribed = path.startsWith('/api/') && !isRoute.has(`${method} ${path}`);
  return status === 401 || (isDescribed && [307, 404, 405].includes(status));
}
