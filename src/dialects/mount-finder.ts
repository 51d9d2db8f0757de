import { normalisePath } from '#http/normalise-path.ts';
import { type Api, isBelow, type Mount, ownedPaths } from './mount.ts';
import { ruleFor } from './mount-overlap.ts';
import { type SharingRule, sharingRules } from './shared-paths.ts';

/** Who answers at a path. */
export interface Found<A extends Api> {
  readonly mount: Mount<A>;
  /** The path as this API reads it. */
  readonly path: string;
  /** Another API that owns the path too, and the rule which of them answers. */
  readonly rival?: { readonly mount: Mount<A>; readonly rule: SharingRule };
}

/** Finds who answers at a path and query, as it was sent, of a host. */
export type FindMount<A extends Api> = (host: string | undefined, target: string) => Found<A> | undefined;

/** That an API answers at and below a path. */
interface Claim<A extends Api> {
  readonly mount: Mount<A>;
  readonly path: string;
  readonly isOwner: boolean;
}

/**
 * Makes the way from a path to the API that answers there: the one that owns it, else one that says there that there is
 * nothing. Among several it is the one at that host alone, then the one with the longest prefix.
 */
export function buildFindMount<A extends Api>(mounts: readonly Mount<A>[]): FindMount<A> {
  const claims = mounts.flatMap(claimsOf).sort(byPrecedence);
  const rivals = new Map(mounts.map((mount) => [mount, rivalOf(mount, mounts)]));
  return (host, target) => {
    const merged = normalisePath(target);
    // What is below a path with all its slashes is below it without some of them too, so few are read in both ways.
    const claim = claims.find(
      ({ mount, path }) =>
        (mount.host === undefined || mount.host === host) &&
        isBelow(merged, path) &&
        (mount.api.slashes === 'merge' || isBelow(pathFor(mount, target), path)),
    );
    if (claim === undefined) return undefined;
    const { mount } = claim;
    const path = mount.api.slashes === 'merge' ? merged : pathFor(mount, target);
    const rival = rivals.get(mount);
    const isShared = rival !== undefined && owns(mount, path) && owns(rival.mount, pathFor(rival.mount, target));
    return isShared ? { mount, path, rival } : { mount, path };
  };
}

/** A path as an API reads it. */
function pathFor({ api }: Mount, target: string): string {
  return normalisePath(target, { slashes: api.slashes });
}

function claimsOf<A extends Api>(mount: Mount<A>): readonly Claim<A>[] {
  const owned = ownedPaths(mount).map((path) => ({ mount, path, isOwner: true }));
  return [...owned, ...mount.api.prefixes.map((path) => ({ mount, path: mount.prefix + path, isOwner: false }))];
}

function byPrecedence(one: Claim<Api>, other: Claim<Api>): number {
  return (
    Number(other.isOwner) - Number(one.isOwner) ||
    Number(other.mount.host !== undefined) - Number(one.mount.host !== undefined) ||
    other.path.length - one.path.length ||
    Number(isSecond(one.mount)) - Number(isSecond(other.mount))
  );
}

/** Of two that share, the first also speaks for both where neither owns a path. */
function isSecond({ api }: Mount): boolean {
  return sharingRules.some(({ between }) => between[1] === api.name);
}

function rivalOf<A extends Api>(mount: Mount<A>, mounts: readonly Mount<A>[]): Found<A>['rival'] {
  for (const other of mounts) {
    const rule = other === mount ? undefined : ruleFor(mount, other);
    if (rule !== undefined) return { mount: other, rule };
  }
  return undefined;
}

function owns(mount: Mount, path: string): boolean {
  return ownedPaths(mount).some((owned) => isBelow(path, owned));
}
