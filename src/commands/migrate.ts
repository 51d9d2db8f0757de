import type { Command } from 'commander';
import { type OutputOptions, print } from './output.ts';
import { jsonOption } from './shared-options.ts';
import { withRoll } from './with-roll.ts';

/**
 * Adds the verb that brings the schema up to date. Every other verb and every start do so too; this one and a start also write
 * down for how long what happened is kept.
 */
export function addMigrateCommand(program: Command): void {
  program
    .command('migrate')
    .description('Bring the schema of the database up to date. A start of the server does so too.')
    .addOption(jsonOption())
    .action(migrate);
}

async function migrate(options: OutputOptions): Promise<void> {
  const applied = await withRoll(async (roll) => roll.applied, { retains: true });
  const text = applied.length === 0 ? 'The schema is up to date.\n' : `Applied: ${applied.join(', ')}\n`;
  print(options, { applied }, text);
}
