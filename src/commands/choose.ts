/** Gives the value that an option names. Throws an Error of one sentence with the values there are for any other text. */
export function choose<T extends string>(option: string, text: string, values: readonly T[]): T {
  const found = values.find((value) => value === text);
  if (found !== undefined) return found;
  throw new Error(`${option} ${JSON.stringify(text)} is not known; possible: ${values.join(', ')}`);
}
