import { isBelow, type Mount, ownedPaths } from './mount.ts';
import { type SharingRule, sharingRules } from './shared-paths.ts';

/**
 * Two APIs at one path would shadow each other without a word. Throws an Error of one sentence when two are, unless
 * there is a rule which of them answers.
 */
export function assertNoOverlap(mounts: readonly Mount[]): void {
  for (const [index, mount] of mounts.entries()) {
    const other = mounts.slice(index + 1).find((each) => overlaps(mount, each) && ruleFor(mount, each) === undefined);
    if (other === undefined) continue;
    const [first, second] = [mount.api.name, other.api.name];
    const both = first === second ? `two of ${first}` : `${first} and ${second}`;
    throw new Error(`MOUNTS: ${both} would answer at the same paths; give one of them a host or a prefix of its own`);
  }
}

/** The rule which of two APIs answers where both own a path; undefined when they do not stand at one place, or none has been made. */
export function ruleFor(one: Mount, other: Mount): SharingRule | undefined {
  if (one.host !== other.host || one.prefix !== other.prefix) return undefined;
  const names = [one.api.name, other.api.name];
  return sharingRules.find(({ between }) => between.every((name) => names.includes(name)));
}

/** At a host of its own an API comes before those that answer at every host, so only those of one host can overlap. */
function overlaps(one: Mount, other: Mount): boolean {
  if (one.host !== other.host) return false;
  return ownedPaths(one).some((path) =>
    ownedPaths(other).some((second) => isBelow(path, second) || isBelow(second, path)),
  );
}
