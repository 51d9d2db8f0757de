import type { RawBuilder } from 'kysely';
import type { Test } from '#domain/filter.ts';

/**
 * Where a filter can begin: a select of ids, served by an index, that holds everybody whom the filter can mean. Asking it
 * first keeps the planner from walking the whole table in page order.
 */
export interface Candidates {
  readonly ids: RawBuilder<unknown>;
  /** How few they are likely to be: 0 is one resource, 9 is half the roll. */
  readonly rank: number;
  /** Nobody else fulfils the filter and everybody here does, so it need not be asked again. */
  readonly exact: boolean;
  /** The index cannot find this quickly, so no more than so many of them are looked for. */
  readonly bounded?: true;
}

/** How few a test is likely to hold for. */
export function rankOf({ op }: Test): number {
  return { eq: 1, sw: 3, co: 4, ew: 4, like: 4, gt: 5, ge: 5, lt: 6, le: 6, ne: 9 }[op];
}
