import { glob, readFile } from 'node:fs/promises';
import path from 'node:path';

/** The folder of the repository. */
export const root = path.resolve(import.meta.dirname, '../..');

/** One file of the repository, its path relative to the root. */
export interface RepositoryFile {
  readonly path: string;
  readonly text: string;
}

/** Reads the files of the repository that the patterns name, in the order of their paths. */
export async function readFiles(...patterns: readonly string[]): Promise<readonly RepositoryFile[]> {
  const files: RepositoryFile[] = [];
  for await (const found of glob(patterns, { cwd: root, withFileTypes: true })) {
    if (!found.isFile()) continue;
    const file = path.join(found.parentPath, found.name);
    files.push({ path: path.relative(root, file), text: await readFile(file, 'utf8') });
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Every file that is a module of ours. */
export function readModules(): Promise<readonly RepositoryFile[]> {
  return readFiles('src/**/*.{ts,mjs}', 'test/**/*.ts');
}
