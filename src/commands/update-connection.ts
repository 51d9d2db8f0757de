import type { Command } from 'commander';
import { spoken } from '#dialects/index.ts';
import { type ConnectionUpdate, updateConnection } from '#operations/update-connection.ts';
import { callerIn } from './choose-tenant.ts';
import {
  addConnectionOptions,
  type ConnectionOptions,
  readConnectionOptions,
  rightsHelp,
} from './connection-options.ts';
import { type OutputOptions, print } from './output.ts';
import { readNumber } from './read-number.ts';
import { jsonOption, tenantOption } from './shared-options.ts';
import { withRoll } from './with-roll.ts';

interface UpdateOptions extends ConnectionOptions, OutputOptions {
  readonly tenant: string;
  readonly name?: string;
}

/** The words that take a bound away. */
const unbound = { rate: 'default', franchisee: 'none' } as const;

/** Adds the verb that changes a connection. */
export function addUpdateConnection(noun: Command): void {
  const command = noun
    .command('update')
    .description('Change a connection; it is so from its next request on. What is not named stays.')
    .argument('<name-or-id>', 'the name or the id of the connection')
    .option('--name <name>', 'what people call it from now on');
  const otherwise = {
    rate: `"${unbound.rate}" is what its dialect allows`,
    franchisee: `; "${unbound.franchisee}" is everybody`,
  };
  addConnectionOptions(command, otherwise)
    .addOption(tenantOption())
    .addOption(jsonOption())
    .addHelpText('after', rightsHelp())
    .action(update);
}

async function update(nameOrId: string, options: UpdateOptions): Promise<void> {
  const wanted = readUpdate(options);
  if (Object.keys(wanted).length === 0) throw new Error('nothing was named that should change; see --help');
  await withRoll(async ({ db }) => {
    const caller = await callerIn(db, options.tenant);
    const { id, tokenForm: _, ...facts } = await updateConnection(caller, db, nameOrId, wanted, spoken);
    const result = { connection: id, tenant: options.tenant, ...facts };
    print(options, result, `The connection ${facts.name} is changed.\n`);
  });
}

function readUpdate(options: UpdateOptions): ConnectionUpdate {
  const { name, profile, rate, franchisee } = options;
  return {
    ...(name !== undefined && { name }),
    ...(profile !== undefined && { profile }),
    ...(rate !== undefined && { ratePerSecond: rate === unbound.rate ? null : readNumber('--rate', rate) }),
    ...(franchisee !== undefined && { franchisee: franchisee === unbound.franchisee ? null : franchisee }),
    ...readConnectionOptions(options),
  };
}
