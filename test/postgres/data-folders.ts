import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, renameSync } from 'node:fs';
import path from 'node:path';
import { inject } from 'vitest';
import {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  startEmbeddedPostgres,
} from '#postgres/embedded-postgres.ts';
import { withClient } from '#test/support/with-client.ts';

export const isRoot = process.geteuid?.() === 0;

let template: Promise<string> | undefined;

/** A new empty folder that every account may enter. It goes with the folder of the run. */
export function makeFolder(): string {
  const folder = mkdtempSync(path.join(inject('folder'), 'postgres-'));
  chmodSync(folder, 0o755);
  return folder;
}

/** A data folder in which there is a cluster already, so that a test need not wait for initdb. */
export async function makeDataFolder(name = 'data'): Promise<string> {
  template ??= makeTemplate();
  const folder = path.join(makeFolder(), name);
  execFileSync('cp', ['-a', await template, folder]);
  return folder;
}

/** One for all files of the run; when two make it at once, one is as good as the other. */
async function makeTemplate(): Promise<string> {
  const made = path.join(inject('folder'), 'postgres-template');
  if (existsSync(made)) return made;
  const folder = path.join(makeFolder(), 'template');
  await (await start(folder)).stop();
  if (!existsSync(made)) renameSync(folder, made);
  return made;
}

/** Starts Postgres on the folder for this process, in a way that makes tests fast. */
export function start(folder: string, options: Partial<EmbeddedPostgresOptions> = {}): Promise<EmbeddedPostgres> {
  return startEmbeddedPostgres({ folder, as: 'server', log: () => {}, settings: { fsync: 'off' }, ...options });
}

/** The first column of the first row of the answer. */
export function ask({ host, port, user, database }: Omit<EmbeddedPostgres, 'ready' | 'stop'>, sql: string) {
  return withClient({ host, port, user, database }, async (client): Promise<unknown> => {
    const { rows } = await client.query({ text: sql, rowMode: 'array' });
    return rows[0]?.[0];
  });
}
