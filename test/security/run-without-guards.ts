import { readFileSync } from 'node:fs';
import { registerHooks, stripTypeScriptTypes } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type pg from 'pg';
import { pino } from 'pino';
import type { Scene } from './matrix-callers.ts';
import type { Guard } from './matrix-guard.ts';
import { guards } from './matrix-guards.ts';
import { nameOf } from './matrix-row.ts';

/** What this program is told on its standard input. */
export interface Task {
  readonly connection: pg.ClientConfig;
  readonly scene: Scene;
}

/** What became of the cell of a guard with the guard and without it; what went wrong instead. */
export interface Outcome {
  readonly guard: string;
  readonly expected: unknown;
  readonly found?: unknown;
  readonly problem?: string;
}

const source = fileURLToPath(new URL('../../src/', import.meta.url));
const urlOf = (file: string) => pathToFileURL(path.join(source, file)).href;

/** The files that import a file, directly or not, and it itself: only those are read again for a guard. */
function importersOf(file: string): ReadonlySet<string> {
  const found = new Set([urlOf(file)]);
  // A set that grows while it is walked: those that come are visited too.
  for (const url of found) for (const importer of importers.get(url) ?? []) found.add(importer);
  return found;
}

const importers = new Map<string, string[]>();

/** The file of a guard without it. Throws when the guard is not where the table says. */
function withoutGuard({ name, file, text, off }: Guard): string {
  const whole = readFileSync(path.join(source, file), 'utf8');
  const count = whole.split(text).length - 1;
  if (count !== 1)
    throw new Error(`${file} has the text of the guard "${name}" ${count} times; the table is out of date`);
  return whole.replace(text, () => off);
}

let current: { readonly index: number; readonly guard: Guard; readonly affected: ReadonlySet<string> } | undefined;

registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context);
    const from = context.parentURL?.replace(/\?.*/, '');
    if (current === undefined) {
      const isOurs = resolved.url.startsWith(urlOf('')) && from !== undefined;
      if (isOurs) importers.set(resolved.url, [...(importers.get(resolved.url) ?? []), from]);
      return resolved;
    }
    return current.affected.has(resolved.url)
      ? { ...resolved, url: `${resolved.url}?without=${current.index}` }
      : resolved;
  },
  load(url, context, next) {
    const [plain = url, isWithout] = url.split('?without=');
    if (current === undefined || isWithout === undefined) return next(url, context);
    const isGuarded = plain === urlOf(current.guard.file);
    const source = isGuarded ? stripTypeScriptTypes(withoutGuard(current.guard)) : strippedOnce(plain);
    return { format: 'module', source, shortCircuit: true };
  },
});

const stripped = new Map<string, string>();

/** A file without its types. Most are read again for most guards, and to take the types out is the larger part of that. */
function strippedOnce(url: string): string {
  const source = stripped.get(url) ?? stripTypeScriptTypes(readFileSync(fileURLToPath(url), 'utf8'));
  stripped.set(url, source);
  return source;
}

/** Imports a file as it is without the current guard. Node asks the hooks once for a name; so this asks by the whole URL. */
function load(file: string): Promise<unknown> {
  const url = urlOf(file);
  return import(current?.affected.has(url) ? `${url}?without=${current.index}` : url);
}

async function outcomeOf(guard: Guard, { connection, scene }: Task): Promise<Outcome> {
  const { matrix } = await import('./matrix.ts');
  const { askCell, buildServers } = await import('./ask-cell.ts');
  const row = matrix.find((one) => nameOf(one) === guard.row);
  if (row === undefined) return { guard: guard.name, expected: undefined, problem: `there is no row ${guard.row}` };
  const { openDatabase } = (await load('store/database.ts')) as typeof import('#store/database.ts');
  const { buildApp } = (await load('app.ts')) as typeof import('#app.ts');
  const db = openDatabase({
    connection,
    poolMax: 2,
    statementTimeoutMs: 5_000,
    lockTimeoutMs: 2_000,
    log: () => undefined,
  });
  const servers = buildServers(buildApp, db, pino({ level: 'silent' }));
  const found = await askCell(servers, scene, row, guard.column);
  await db.close();
  return { guard: guard.name, expected: row.cells[guard.column], found };
}

const chunks: Buffer[] = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const task = JSON.parse(Buffer.concat(chunks).toString()) as Task;
// Whatever is imported before the hooks are there is in nobody's list; so the matrix, which imports the dialects, comes now.
await import('#app.ts');
const outcomes: Outcome[] = [];
for (const [index, guard] of guards.entries()) {
  current = { index, guard, affected: importersOf(guard.file) };
  try {
    outcomes.push(await outcomeOf(guard, task));
  } catch (error) {
    outcomes.push({ guard: guard.name, expected: undefined, problem: String(error) });
  }
}
process.stdout.write(JSON.stringify(outcomes), () => process.exit());
