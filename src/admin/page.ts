import { Fault } from '#domain/fault.ts';
import { pageMax } from './values.ts';

/** Which page of a list is wanted. */
export interface PageWish {
  readonly after?: string;
  readonly limit?: number;
}

/** A page of a list, and where the next one begins. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next?: string;
}

/** A page of a list that is known whole. Raises `invalid_value` when nothing of it is called `after`. */
export function pageWithin<Item>(
  all: readonly Item[],
  { after, limit = pageMax }: PageWish,
  nameOf: (item: Item) => string,
): Page<Item> {
  const start = after === undefined ? 0 : all.findIndex((item) => nameOf(item) === after) + 1;
  if (after !== undefined && start === 0) throw notOurs();
  const items = all.slice(start, start + limit);
  const last = items.at(-1);
  return { items, ...(last !== undefined && start + limit < all.length && { next: nameOf(last) }) };
}

/** The number that `next` was given as. Raises `invalid_value` for any other text. */
export function numberAfter(after: string | undefined): number | undefined {
  if (after === undefined) return undefined;
  if (!/^\d{1,15}$/.test(after)) throw notOurs();
  return Number(after);
}

function notOurs(): Fault {
  return new Fault('invalid_value', 'after must be "next" of the page before', { attribute: 'after' });
}
