import type { Command } from 'commander';
import { createTenant } from '#operations/create-tenant.ts';
import { type OutputOptions, print } from './output.ts';
import { jsonOption } from './shared-options.ts';
import { withRoll } from './with-roll.ts';

/** Adds the verbs of tenants to the command line. */
export function addTenantCommands(program: Command): void {
  const noun = program.command('tenant').description('Tenants: rolls that know nothing of one another.');
  noun
    .command('create')
    .description('Make a tenant.')
    .argument('<name>', 'its name')
    .addOption(jsonOption())
    .action(create);
}

async function create(name: string, options: OutputOptions): Promise<void> {
  await withRoll(({ db }) => createTenant(db, name));
  print(options, { tenant: name }, `The tenant ${name} is made.\n`);
}
