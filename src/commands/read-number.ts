/** Reads the whole number behind an option. Throws an Error of one sentence for any other text. */
export function readNumber(option: string, text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new Error(`${option} ${JSON.stringify(text)} is not a whole number`);
}
