/** Reads the whole number behind an option. Throws an Error of one sentence for any other text. */
export function readNumber(option: string, text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new Error(`${option} ${JSON.stringify(text)} is not a whole number`);
}

/** Reads how many are wanted at most, from 1 to 1000. Throws an Error of one sentence for any other text. */
export function readCount(text: string): number {
  if (/^(?:[1-9]\d{0,2}|1000)$/.test(text)) return Number(text);
  throw new Error(`--count ${JSON.stringify(text)} should be a whole number from 1 to 1000`);
}
