/** The names of characters that show nothing, as Unicode has them; control characters have none. */
const names: Readonly<Record<string, string>> = {
  ' ': 'SPACE',
  '\u00a0': 'NO-BREAK SPACE',
  '\u00ad': 'SOFT HYPHEN',
  '\u200b': 'ZERO WIDTH SPACE',
  '\u200c': 'ZERO WIDTH NON-JOINER',
  '\u200d': 'ZERO WIDTH JOINER',
  '\u200e': 'LEFT-TO-RIGHT MARK',
  '\u200f': 'RIGHT-TO-LEFT MARK',
  '\u202a': 'LEFT-TO-RIGHT EMBEDDING',
  '\u202b': 'RIGHT-TO-LEFT EMBEDDING',
  '\u202c': 'POP DIRECTIONAL FORMATTING',
  '\u202d': 'LEFT-TO-RIGHT OVERRIDE',
  '\u202e': 'RIGHT-TO-LEFT OVERRIDE',
  '\u2028': 'LINE SEPARATOR',
  '\u2029': 'PARAGRAPH SEPARATOR',
  '\u2060': 'WORD JOINER',
  '\u3000': 'IDEOGRAPHIC SPACE',
  '\ufeff': 'ZERO WIDTH NO-BREAK SPACE',
};

const visible = /^[\p{L}\p{N}\p{P}\p{S}]$/u;
const mark = /^\p{M}$/u;

/** Characters for people, each once and sorted, as email-validator lists them. */
export function listed(characters: readonly string[]): string {
  return [...new Set(characters.map(display))].sort().join(', ');
}

/** What is said of a part of an address with characters that are safe in none; undefined when there are none. */
export function unsafeProblem(part: string): string | undefined {
  const unsafe = [...part].filter((character, at) => !visible.test(character) && !(at > 0 && mark.test(character)));
  if (unsafe.length === 0) return undefined;
  const inOrder = [...new Set(unsafe)].sort((one, other) => codeOf(one) - codeOf(other));
  return `The email address contains unsafe characters: ${inOrder.map(display).join(', ')}.`;
}

/** As Python prints a character. */
function display(character: string): string {
  if (character === '\\' || character === "'") return `"${character}"`;
  if (visible.test(character)) return `'${character}'`;
  const code = codeOf(character);
  const digits = code.toString(16).toUpperCase();
  return names[character] ?? `U+${digits.padStart(code < 0xffff ? 4 : 8, '0')}`;
}

function codeOf(character: string): number {
  return character.codePointAt(0) ?? 0;
}
