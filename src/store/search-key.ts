const notAscii = /[^\p{ASCII}]/gu;
const trigram = /[a-z0-9]{3}/i;

/** How many texts of three letters and digits there are. */
const codesMax = 36 ** 3;

/**
 * What the trigram index holds of a key: characters beyond ASCII are written as three letters or digits each. The index
 * looks only at what the database's locale calls letters, and under the locale C those are the ASCII ones. Two characters
 * may be written alike, so whoever finds a value this way compares its key too.
 */
export function searchKey(key: string): string {
  return key.replace(notAscii, (character) => {
    const code = (character.codePointAt(0) ?? 0) % codesMax;
    return code.toString(36).padStart(3, '0');
  });
}

/**
 * What the trigram index is asked for a pattern of `like`: what one character was may be three here, so the wildcard of one
 * stands for any number.
 */
export function searchPattern(pattern: string): string {
  return searchKey(pattern).replaceAll('_', '%');
}

/** Whether the trigram index can find what contains this key: three letters or digits in a row, or one beyond ASCII. */
export function isInTrigrams(key: string): boolean {
  return trigram.test(searchKey(key));
}
