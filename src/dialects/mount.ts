import type { Dialect } from './dialect.ts';

/** An API, as far as it matters where it answers. */
export type Api = Pick<Dialect, 'name' | 'prefixes' | 'owns' | 'slashes'>;

/** Where on a server. */
export interface Place {
  /** In lower case; every host when absent. */
  readonly host?: string | undefined;
  /** What stands before the paths of an API; nothing when absent. */
  readonly prefix?: '' | `/${string}` | undefined;
}

/** A place at which an API is wished to answer. */
export interface MountWish extends Place {
  /** The name of the API. */
  readonly name: string;
  readonly tenant?: string | undefined;
}

/** An API at a place. */
export interface Mount<A extends Api = Api> extends Place {
  readonly api: A;
  readonly prefix: '' | `/${string}`;
  /** The name of the tenant of who has no credential yet; the usual one when absent. */
  readonly tenant?: string | undefined;
}

/**
 * Puts each API where it is wished, and at its usual paths where nothing is wished. Throws an Error of one sentence for a
 * name that no API has.
 */
export function placeApis<A extends Api>(apis: readonly A[], wishes: readonly MountWish[]): readonly Mount<A>[] {
  for (const [index, { name }] of wishes.entries()) {
    if (apis.some((api) => api.name === name)) continue;
    const known = apis.map((api) => api.name).join(', ');
    throw new Error(`MOUNTS: number ${index + 1} in it names no API that there is; name one of ${known}`);
  }
  return apis.flatMap((api): readonly Mount<A>[] => {
    const own = wishes.filter(({ name }) => name === api.name);
    if (own.length === 0) return [{ api, prefix: '' }];
    return own.map(({ host, prefix, tenant }) => ({ api, host, prefix: prefix ?? '', tenant }));
  });
}

/** The absolute URL below which an API's own prefixes stand at a place, without a slash at its end. */
export function urlOfMount({ host, prefix = '' }: Place, publicUrl: string): string {
  if (host === undefined) return publicUrl + prefix;
  const url = new URL(publicUrl);
  url.hostname = host;
  return url.href.replace(/\/$/, '') + prefix;
}

/** The paths that are the API's own at its place. */
export function ownedPaths({ api, prefix }: Mount): readonly string[] {
  return (api.owns ?? api.prefixes).map((path) => prefix + path);
}

/** Whether a path is another one or below it. */
export function isBelow(path: string, above: string): boolean {
  return path.startsWith(above) && (path.length === above.length || path[above.length] === '/');
}
