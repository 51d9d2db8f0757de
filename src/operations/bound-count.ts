const countMax = 1_000;

/** How many rows of what happened one answer has at most: as many as are wished, from one to a thousand. */
export function boundCount(wished: number): number {
  return Math.min(Math.max(wished, 1), countMax);
}
