import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** One numbered SQL file. The checksum is that of the text with LF, so that a checkout with CRLF is the same migration. */
export interface MigrationFile {
  readonly number: number;
  readonly name: string;
  readonly text: string;
  readonly checksum: string;
}

const fileName = /^(\d{4})_[a-z0-9]+(?:_[a-z0-9]+)*\.sql$/;

/**
 * Reads the folder of migrations, in the order of their numbers. Throws an Error of one sentence when a file is not named
 * `NNNN_name.sql`, when a number is missing or given twice, and when there is no migration at all.
 */
export async function readMigrations(folder: string): Promise<readonly MigrationFile[]> {
  const names = await listFolder(folder);
  const files: MigrationFile[] = [];
  for (const [index, name] of names.entries()) {
    const number = Number(fileName.exec(name)?.[1]);
    if (Number.isNaN(number)) {
      throw new Error(`${name} in ${folder} is not named like a migration; name it NNNN_name.sql or move it away.`);
    }
    if (number !== index + 1) {
      throw new Error(`${name} in ${folder} should have the number ${index + 1}; number the migrations without gaps.`);
    }
    const text = (await readFile(path.join(folder, name), 'utf8')).replaceAll('\r\n', '\n');
    files.push({ number, name, text, checksum: createHash('sha256').update(text).digest('hex') });
  }
  return files;
}

async function listFolder(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new Error(`The folder of migrations ${folder} cannot be read; install the program again.`, { cause });
  });
  if (names.length === 0) throw new Error(`The folder ${folder} has no migrations; install the program again.`);
  return names.sort();
}
