/**
 * Whether text is like a pattern, as SQL means it without an escape character: `%` stands for any characters and `_` for
 * any one. Takes time that grows with the product of the two lengths at most.
 */
export function isLike(text: string, pattern: string): boolean {
  const [characters, parts] = [[...text], [...pattern]];
  let [at, part] = [0, 0];
  // Where the last `%` was, and how much of the text it has taken so far.
  let [percent, taken] = [-1, 0];
  while (at < characters.length) {
    if (parts[part] === '%') {
      [percent, taken] = [part, at];
      part += 1;
    } else if (parts[part] === '_' || parts[part] === characters[at]) {
      at += 1;
      part += 1;
    } else if (percent >= 0) {
      taken += 1;
      [at, part] = [taken, percent + 1];
    } else return false;
  }
  return parts.slice(part).every((rest) => rest === '%');
}
