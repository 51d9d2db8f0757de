import { normalisePath, requestTarget } from './normalise-path.ts';

/** hono's environment with the path by which a request is routed, where that was decided before. */
interface RoutedEnv {
  readonly routedPath?: string;
}

/** What hono is served by. */
interface Served {
  fetch: (request: Request, env?: object, context?: never) => Response | Promise<Response>;
}

/**
 * Stands before the paths of one of several apps at the same path. No path of a client gets it: see `unmarked`.
 */
export function markOf(number: number): `/@${number}` {
  return `/@${number}`;
}

/** A path of a client that no mark stands before, also when he wrote what looks like one. */
export function unmarked(path: string): string {
  return path.startsWith('/@') ? `/%40${path.slice(2)}` : path;
}

/** The pattern of a route as people know it. */
export function withoutMark(pattern: string): string {
  return pattern.replace(/^\/@\d+(?=\/|$)/, '');
}

/** For `new Hono({ getPath })`: the path that was decided, else the one that was sent, in which slashes count. */
export function readRoutedPath(request: Request, options?: { env?: unknown }): string {
  const { routedPath } = (options?.env ?? {}) as RoutedEnv;
  return routedPath ?? unmarked(normalisePath(requestTarget(request, options?.env), { slashes: 'keep' }));
}

/** Has the path of each request decided before the app routes it, which itself cannot wait for a decision. */
export function decideBefore(app: Served, decide: (request: Request, env: unknown) => string | Promise<string>): void {
  const { fetch } = app;
  app.fetch = (request, env, context) => {
    const path = decide(request, env);
    const serve = (routedPath: string) => fetch(request, { ...env, routedPath }, context);
    return typeof path === 'string' ? serve(path) : path.then(serve);
  };
}
