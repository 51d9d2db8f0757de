/** Says what went wrong in one sentence, or a list of mistakes, for a person at a terminal: without stack or kind. */
export function sentenceOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const text = message.trim() || 'something went wrong and nobody says what';
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$|\n/.test(text) ? '' : '.'}`;
}
