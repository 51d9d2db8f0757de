import type { JournalEntry } from '#store/journal-entries.ts';

/** What the rows of a chain so far say about when a later row can have been written. Times in milliseconds. */
export interface Order {
  readonly latestAtMs: number;
  /** When the rows began among which `highest` was found. */
  readonly spanAtMs: number;
  /** The highest number of the present span, of the span before, and of all before that. */
  readonly highest: number;
  readonly highestBefore: number;
  readonly highestSettled: number;
}

/** The order before the first row. */
export const noOrder: Order = {
  latestAtMs: Number.NEGATIVE_INFINITY,
  spanAtMs: Number.NEGATIVE_INFINITY,
  highest: 0,
  highestBefore: 0,
  highestSettled: 0,
};

/**
 * Whether a sealed row was put in later than its number or its time says. Transactions overlap, so rows may be out of
 * order a little: by less than `toleranceMs`.
 */
export function isLate(order: Order, entry: JournalEntry, sealedAt: string, toleranceMs: number): boolean {
  // A clock that was set back made the row and its seal early alike.
  const bound = Math.min(order.latestAtMs, Date.parse(sealedAt)) - toleranceMs;
  return Date.parse(entry.at) < bound || entry.sequence <= order.highestSettled;
}

/** The order with one more row. */
export function withRow(order: Order, entry: JournalEntry, toleranceMs: number): Order {
  const atMs = Date.parse(entry.at);
  const latestAtMs = Math.max(order.latestAtMs, atMs);
  if (atMs - order.spanAtMs <= toleranceMs) {
    return { ...order, latestAtMs, highest: Math.max(order.highest, entry.sequence) };
  }
  return {
    latestAtMs,
    spanAtMs: atMs,
    highest: entry.sequence,
    highestBefore: order.highest,
    highestSettled: Math.max(order.highestSettled, order.highestBefore),
  };
}
