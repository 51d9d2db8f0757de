import type { Part } from '../dialect.ts';
import { integerShape } from '../shapes.ts';

/** The part of a list that is wanted; all of it when nothing is said. */
export interface Paging {
  readonly limit?: number;
  readonly offset?: number;
}

/** How a query says which part of a list it wants. */
export const pagingParts = {
  limit: { about: 'How many; all when neither this nor `offset` is sent.', shape: integerShape },
  offset: { about: 'After how many.', shape: integerShape },
} as const satisfies Readonly<Record<keyof Paging, Part>>;

const usualLimit = 50;
const integer = /^\d{1,9}$/;

/** The part of a list that the query asks for: 3.6.1. What is no number says nothing. */
export function readPaging({ limit, offset }: { readonly limit?: string; readonly offset?: string }): Paging {
  const [count, start] = [numberIn(limit), numberIn(offset)];
  if (count === undefined && start === undefined) return {};
  return { limit: count ?? usualLimit, offset: start ?? 0 };
}

/** The same as operations know it. */
export function pageOf({ limit, offset }: Paging) {
  return limit === undefined ? {} : { page: { offset: offset ?? 0, count: limit } };
}

function numberIn(text: string | undefined): number | undefined {
  return text !== undefined && integer.test(text) ? Number(text) : undefined;
}
