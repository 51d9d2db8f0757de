import type { Command } from 'commander';
import { spoken } from '#dialects/index.ts';
import { Fault } from '#domain/fault.ts';
import { type ConnectionWish, createConnection } from '#operations/create-connection.ts';
import { choose } from './choose.ts';
import { callerInNew } from './choose-tenant.ts';
import {
  addConnectionOptions,
  type ConnectionOptions,
  readConnectionOptions,
  rightsHelp,
} from './connection-options.ts';
import { command, quoted } from './greeting.ts';
import { readNumber } from './read-number.ts';
import { jsonOption, tenantOption } from './shared-options.ts';
import { showToken, type TokenOptions } from './show-token.ts';
import { withRoll } from './with-roll.ts';

interface CreateOptions extends ConnectionOptions, TokenOptions {
  readonly name: string;
  readonly dialect: string;
  readonly expiresDays?: string;
  readonly replaces?: string;
}

const names = spoken.map(({ name }) => name);
const apis = spoken.map(({ name, about }) => `${name} (${about})`).join(', ');
const usualRights = [...Map.groupBy(spoken, ({ usualRights }) => usualRights.join(','))]
  .map(([rights, apis]) => `${rights} for ${apis.map(({ name }) => name).join(' and ')}`)
  .join('; ');

/** Adds the verb that makes a connection. */
export function addCreateConnection(noun: Command): void {
  const verb = noun
    .command('create')
    .description('Make a connection and its first token, which is shown this once.')
    .requiredOption('--name <name>', 'what people call it; no other live connection of the tenant has the name')
    .requiredOption('--dialect <dialect>', `the API it speaks: ${apis}`);
  const otherwise = {
    rights: `; else ${usualRights}, but with --franchisee none that reaches beyond it`,
    rate: 'else what its dialect allows',
    franchisee: '; else it sees everybody',
    guard: '; else hold',
  };
  addConnectionOptions(verb, otherwise)
    .option('--expires-days <days>', 'after how many days its token expires; else as TOKEN_LIFETIME_DAYS says')
    .option('--replaces <name-or-id>', 'the connection that it takes the external ids of, and that ends')
    .addOption(tenantOption())
    .addOption(jsonOption())
    .addHelpText('after', rightsHelp())
    .action(create);
}

async function create(options: CreateOptions): Promise<void> {
  const wish = readWish(options);
  await withRoll(async ({ db }, config) => {
    const caller = await callerInNew(db, options.tenant);
    const tokenLifetimeDays = wish.tokenLifetimeDays ?? config.tokenLifetimeDays;
    const issued = await createConnection(caller, db, { ...wish, tokenLifetimeDays }).catch((error: unknown) => {
      throw isTaken(error) ? taken(wish.name) : error;
    });
    showToken(options, config, wish.spoken.name, issued);
  });
}

function isTaken(error: unknown): boolean {
  return error instanceof Fault && error.kind === 'already_exists' && error.details.attribute === 'name';
}

/** Says how to come by a token all the same: whoever runs the same line twice has lost the first one's. */
function taken(name: string): Error {
  const rotate = `${command} connection rotate ${quoted(name)}`;
  return new Error(`a connection has the name ${name} already; choose another, or make it a new token: ${rotate}`);
}

type EarlyWish = Omit<ConnectionWish, 'tokenLifetimeDays'> & { readonly tokenLifetimeDays?: number };

/** What can be wrong without a database is told before one is opened. */
function readWish(options: CreateOptions): EarlyWish {
  const dialect = choose('--dialect', options.dialect, names);
  const own = spoken.find(({ name }) => name === dialect) as (typeof spoken)[number];
  const { profile, rate, franchisee, expiresDays, replaces } = options;
  if (profile !== undefined && own.profiles.length === 0) throw new Error(`--profile is not for ${dialect}`);
  return {
    ...{ spoken: own, name: options.name, replaces },
    ...readConnectionOptions(options),
    ...(profile !== undefined && { profile: choose('--profile', profile, own.profiles) }),
    ...(rate !== undefined && { ratePerSecond: readNumber('--rate', rate) }),
    ...(franchisee !== undefined && { franchisee }),
    ...(expiresDays !== undefined && { tokenLifetimeDays: readNumber('--expires-days', expiresDays) }),
  };
}
