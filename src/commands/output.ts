/** What a command can be asked to answer with. */
export interface OutputOptions {
  readonly json?: true;
}

/** Prints the result of a command: one JSON document for programs, or the text for people. */
export function print({ json }: OutputOptions, result: object, text: string): void {
  process.stdout.write(json ? `${JSON.stringify(result, null, 2)}\n` : text);
}

/** Lines of cells in columns. */
export function writeTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}

/** Says something about the result to a person, where no program reads. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}
