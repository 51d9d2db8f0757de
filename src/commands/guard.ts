import type { Command } from 'commander';
import { spoken } from '#dialects/index.ts';
import { allowRemovals } from '#operations/allow-removals.ts';
import { type Held, listHeld } from '#operations/list-held.ts';
import { updateConnection } from '#operations/update-connection.ts';
import { guards } from '#store/connections.ts';
import { choose } from './choose.ts';
import { callerIn } from './choose-tenant.ts';
import { type OutputOptions, print, writeTable } from './output.ts';
import { readNumber } from './read-number.ts';
import { jsonOption, tenantOption } from './shared-options.ts';
import { withRoll } from './with-roll.ts';

interface TenantOptions extends OutputOptions {
  readonly tenant: string;
}

interface AllowOptions extends TenantOptions {
  readonly more?: string;
}

/** Adds the verbs of the guard against mass changes. */
export function addGuardCommands(program: Command): void {
  const noun = program
    .command('guard')
    .description('What holds a connection that deactivates or deletes too many people at once.');
  noun
    .command('list')
    .description(
      'Show who was to be deactivated or deleted beyond the limit: held, or passed where a guard only tells.',
    )
    .addOption(tenantOption())
    .addOption(jsonOption())
    .action(list);
  noun
    .command('allow')
    .description('Let what is held of a connection pass when it tries again within the next hour.')
    .argument('<name-or-id>', 'the name or the id of the connection')
    .option('--more <number>', 'how many people beyond its limit; else as many as are held now')
    .addOption(tenantOption())
    .addOption(jsonOption())
    .action(allow);
  noun
    .command('set')
    .description('Say what happens beyond the limit: hold it, let it pass and tell (alert), or nothing (off).')
    .argument('<name-or-id>', 'the name or the id of the connection')
    .argument('<guard>', guards.join(', '))
    .addOption(tenantOption())
    .addOption(jsonOption())
    .action(set);
}

async function list(options: TenantOptions): Promise<void> {
  await withRoll(async ({ db }) => {
    const found = await listHeld(await callerIn(db, options.tenant), db);
    print(options, found, found.length === 0 ? 'Nothing is held.\n' : tablesOf(found));
  });
}

/** How many of each connection, then who they are. */
function tablesOf(found: readonly Held[]): string {
  const sums = [...Map.groupBy(found, ({ name }) => name)].map(([name, rows]) => {
    const passed = rows.filter((row) => row.passed).length;
    return [name, rows[0]?.guard ?? '', String(rows.length - passed), String(passed)];
  });
  const people = found.map((row) => [row.name, row.passed ? 'passed' : 'held', row.person, row.at, row.label ?? '']);
  return [
    writeTable([['CONNECTION', 'GUARD', 'HELD', 'PASSED'], ...sums]),
    writeTable([['CONNECTION', 'STATE', 'PERSON', 'LAST TRIED', 'NAME'], ...people]),
  ].join('\n');
}

async function allow(nameOrId: string, options: AllowOptions): Promise<void> {
  const wanted = options.more === undefined ? undefined : readNumber('--more', options.more);
  await withRoll(async ({ db }) => {
    const allowed = await allowRemovals(await callerIn(db, options.tenant), db, nameOrId, wanted);
    const { name, more } = allowed;
    const text = `The connection ${name} may deactivate or delete ${more} more people when it tries again within the next hour.\n`;
    print(options, { tenant: options.tenant, ...allowed }, text);
  });
}

async function set(nameOrId: string, wanted: string, options: TenantOptions): Promise<void> {
  const guard = choose('the guard', wanted, guards);
  await withRoll(async ({ db }) => {
    const { id, name } = await updateConnection(await callerIn(db, options.tenant), db, nameOrId, { guard }, spoken);
    print(
      options,
      { connection: id, tenant: options.tenant, name, guard },
      `The guard of ${name} is set to ${guard}.\n`,
    );
  });
}
