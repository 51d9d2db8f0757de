import type { Command } from 'commander';
import { createTenant } from '#operations/create-tenant.ts';
import { listTenants } from '#operations/list-tenants.ts';
import { commandCaller } from './command-caller.ts';
import { type OutputOptions, print, writeTable } from './output.ts';
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
  noun.command('list').description('Show all tenants.').addOption(jsonOption()).action(list);
}

async function create(name: string, options: OutputOptions): Promise<void> {
  await withRoll(({ db }) => createTenant(commandCaller(), db, name));
  print(options, { tenant: name }, `The tenant ${name} is made.\n`);
}

async function list(options: OutputOptions): Promise<void> {
  const found = await withRoll(({ db }) => listTenants(commandCaller(), db));
  const rows = found.map(({ name, createdAt }) => [name, createdAt]);
  const result = found.map(({ name, createdAt }) => ({ tenant: name, createdAt }));
  print(options, result, writeTable([['NAME', 'MADE'], ...rows]));
}
