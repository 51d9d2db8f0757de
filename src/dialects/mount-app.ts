import type { Hono } from 'hono';
import { parse } from 'hono/utils/cookie';
import type { IsLive } from '#access/authenticate.ts';
import type { Limits } from '#http/limits.ts';
import { normalisePath, requestTarget } from '#http/normalise-path.ts';
import type { RequestVariables } from '#http/observe-requests.ts';
import { peekNames } from '#http/peek-names.ts';
import { requestedHost } from '#http/requested-host.ts';
import { decideBefore, markOf, unmarked } from '#http/routed-path.ts';
import type { Dialect, DialectParts } from './dialect.ts';
import { type Api, type Mount, urlOfMount } from './mount.ts';
import type { FindMount, Found } from './mount-finder.ts';
import type { SharedRequest } from './shared-paths.ts';

type App = Hono<{ Variables: RequestVariables }>;

/** What deciding who answers needs. */
interface Deciding {
  readonly isLive: IsLive;
  readonly limits: Limits;
}

/**
 * Adds each dialect to the app at its place, with its tenant and its URL. Only requests for which `find` finds a dialect
 * get to it; the paths of other APIs stay as they are.
 */
export function mountDialects(
  app: App,
  mounts: readonly Mount<Dialect>[],
  find: FindMount<Api>,
  parts: DialectParts & Deciding,
): void {
  const marks = new Map<Mount, string>(mounts.map((mount, index) => [mount, markOf(index)]));
  for (const mount of mounts) {
    const { api, prefix: before, tenant = parts.tenant } = mount;
    const own = { ...parts, tenant, publicUrl: urlOfMount(mount, parts.publicUrl) };
    for (const prefix of api.prefixes) app.route(`${marks.get(mount)}${before}${prefix}`, api.build(own));
  }
  decideBefore(app, (request, env) => {
    const target = requestTarget(request, env);
    const found = find(requestedHost(target, request.headers.get('host') ?? undefined), target);
    if (found === undefined) return unmarked(normalisePath(target, { slashes: 'keep' }));
    const inside = (mount: Mount) => `${marks.get(mount) ?? ''}${found.path}`;
    if (found.rival === undefined) return inside(found.mount);
    return chooseMount(found, request, target, parts).then(inside);
  });
}

/** Which of two mounts answers where both own the path. */
async function chooseMount(
  { mount, path, rival }: Found<Api>,
  request: Request,
  target: string,
  deciding: Deciding,
): Promise<Mount> {
  if (rival === undefined) return mount;
  const name = await rival.rule.choose(factsOf(request, path.slice(mount.prefix.length), target, deciding));
  return name === mount.api.name ? mount : rival.mount;
}

function factsOf(request: Request, path: string, target: string, { isLive, limits }: Deciding): SharedRequest {
  const { headers, method } = request;
  const start = target.indexOf('?');
  return {
    method,
    path: normalisePath(path),
    header: (name) => headers.get(name) ?? undefined,
    cookies: parse(headers.get('cookie') ?? ''),
    query: new URLSearchParams(start === -1 ? '' : target.slice(start)),
    bodyNames: () => peekNames(request, limits),
    // The API that the token may be of says it when that cannot be found out now.
    isLive: (dialect, token) => isLive(dialect, token).catch(() => true),
  };
}
