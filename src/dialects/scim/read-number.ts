/** A number of JSON, as the source of a pattern. */
export const numberSource = '-?(?:0|[1-9]\\d*)(?:\\.\\d+)?(?:[eE][+-]?\\d+)?';

const number = new RegExp(`^${numberSource}$`);

/** The number that a text of JSON means; undefined when it is none, or is one that we could only store as another. */
export function parseNumber(text: string): number | undefined {
  if (!number.test(text) || !isNumberInRange(text)) return undefined;
  const value = Number(text);
  return value === 0 ? 0 : value;
}

/** Whether a text is no number at all, or one that is finite and, when it is whole, safe. */
export function isNumberInRange(text: string): boolean {
  const value = Number(text);
  return Number.isNaN(value) || (Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value)));
}
