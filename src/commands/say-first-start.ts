import { existsSync } from 'node:fs';
import path from 'node:path';
import { log } from '@clack/prompts';

/**
 * Says to somebody at a terminal why the first start takes seconds: PostgreSQL makes its files. One line and no spinner:
 * that would take the keyboard, and with it Ctrl-C, from the program that must still stop PostgreSQL.
 */
export function sayFirstStart(dataFolder: string): void {
  if (!process.stderr.isTTY || existsSync(path.join(dataFolder, 'postgres', 'data'))) return;
  log.step(`Preparing PostgreSQL in ${dataFolder}; this takes some seconds, the first time only.`, {
    output: process.stderr,
  });
}
