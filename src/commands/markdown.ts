/** The head of a page that is made by a program. */
export function pageHead(title: string, about: string): string {
  return `<!-- Made by \`npm run docs\`. Changes here are lost. -->\n\n# ${title}\n\n${about}\n`;
}

/** A part of a page, with a heading below the page's own. */
export function section(title: string, ...paragraphs: readonly string[]): string {
  return `\n## ${title}\n${paragraphs.map((paragraph) => `\n${paragraph.trimEnd()}\n`).join('')}`;
}

/** A table; a cell's own bars and line breaks do not end it. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cellText).join(' | ')} |\n`;
  return `${line(header)}|${header.map(() => ' --- |').join('')}\n${rows.map(line).join('')}`;
}

/** Text as it is, such as a value or a name. */
export function code(text: string): string {
  return text === '' ? '' : `\`${text}\``;
}

function cellText(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
