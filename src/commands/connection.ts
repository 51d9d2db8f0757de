import type { Command } from 'commander';
import type { Config } from '#config.ts';
import { dialects } from '#dialects/index.ts';
import { defaultProfile, profiles } from '#dialects/scim/profiles.ts';
import { type Right, rights } from '#domain/caller.ts';
import {
  createConnection,
  type Issued,
  listConnections,
  liveTokensMax,
  revokeConnection,
  rotateConnection,
} from '#operations/connections.ts';
import { choose } from './choose.ts';
import { chooseOrMakeTenant, chooseTenant } from './choose-tenant.ts';
import { note, type OutputOptions, print, writeTable } from './output.ts';
import { serverUrl } from './server-url.ts';
import { jsonOption, tenantOption } from './shared-options.ts';
import { withRoll } from './with-roll.ts';

interface TenantOptions extends OutputOptions {
  readonly tenant: string;
}

interface CreateOptions extends TenantOptions {
  readonly name: string;
  readonly dialect: string;
  readonly profile: string;
  readonly rights: string;
}

const dialectNames = dialects.map(({ name }) => name);
const profileNames = Object.keys(profiles);

/** Adds the verbs of connections to the command line. */
export function addConnectionCommands(program: Command): void {
  const noun = program.command('connection').description('Integrations and their tokens.');
  noun
    .command('create')
    .description('Make a connection and its first token, which is shown this once.')
    .requiredOption('--name <name>', 'what people call it; no other live connection of the tenant has the name')
    .requiredOption('--dialect <dialect>', `the API it speaks: ${dialectNames.join(', ')}`)
    .option('--profile <profile>', `what kind of client it is: ${profileNames.join(', ')}`, defaultProfile)
    .option('--rights <rights>', `what it may do, with commas between: ${rights.join(', ')}`, 'read,write')
    .addOption(tenantOption())
    .addOption(jsonOption())
    .action(create);
  noun
    .command('list')
    .description('Show all connections of a tenant, revoked ones too.')
    .addOption(tenantOption())
    .addOption(jsonOption())
    .action(list);
  noun
    .command('rotate')
    .description(
      `Give a connection a new token. The one before it goes on working; older ones end (${liveTokensMax} live).`,
    )
    .argument('<name-or-id>', 'the name or the id of the connection')
    .addOption(tenantOption())
    .addOption(jsonOption())
    .action(rotate);
  noun
    .command('revoke')
    .description('End a connection: its tokens are refused from the next request on.')
    .argument('<name-or-id>', 'the name or the id of the connection')
    .addOption(tenantOption())
    .addOption(jsonOption())
    .action(revoke);
}

async function create(options: CreateOptions): Promise<void> {
  const dialect = choose('--dialect', options.dialect, dialectNames);
  const profile = choose('--profile', options.profile, profileNames);
  const wanted = readRights(options.rights);
  await withRoll(async ({ db }, config) => {
    const tenant = await chooseOrMakeTenant(db, options.tenant);
    const { tokenLifetimeDays } = config;
    const wish = { tenant, name: options.name, dialect, profile, rights: wanted, tokenLifetimeDays };
    showToken(options, config, dialect, await createConnection(db, wish));
  });
}

async function list(options: TenantOptions): Promise<void> {
  await withRoll(async ({ db }) => {
    const tenant = await chooseTenant(db, options.tenant);
    const found = await listConnections(db, tenant);
    const rows = found.map((row) => [
      ...[row.name, row.id, row.dialect, row.profile, row.rights.join(','), row.createdAt],
      row.revokedAt === undefined ? 'live' : `revoked ${row.revokedAt}`,
    ]);
    const header = ['NAME', 'CONNECTION', 'DIALECT', 'PROFILE', 'RIGHTS', 'MADE', 'STATE'];
    const result = found.map(({ id, ...row }) => ({ connection: id, tenant, ...row }));
    print(options, result, writeTable([header, ...rows]));
  });
}

async function rotate(nameOrId: string, options: TenantOptions): Promise<void> {
  await withRoll(async ({ db }, config) => {
    const tenant = await chooseTenant(db, options.tenant);
    const issued = await rotateConnection(db, tenant, nameOrId, config.tokenLifetimeDays);
    const found = (await listConnections(db, tenant)).find(({ id }) => id === issued.connection);
    showToken(options, config, found?.dialect ?? '', issued);
  });
}

async function revoke(nameOrId: string, options: TenantOptions): Promise<void> {
  await withRoll(async ({ db }) => {
    const tenant = await chooseTenant(db, options.tenant);
    const { id, name } = await revokeConnection(db, tenant, nameOrId);
    print(options, { connection: id, tenant, name, revoked: true }, `The connection ${name} is revoked.\n`);
  });
}

function showToken(options: TenantOptions, config: Config, dialectName: string, { connection, token }: Issued): void {
  const [prefix = ''] = dialects.find(({ name }) => name === dialectName)?.prefixes ?? [];
  const url = `${serverUrl(config)}${prefix}`;
  const result = { connection, tenant: options.tenant, dialect: dialectName, token, url };
  print(options, result, writeTable(Object.entries(result)));
  if (!options.json) note('The token is shown this once.');
}

/** Reads rights with commas between. Throws an Error of one sentence that names those there are. */
function readRights(text: string): readonly Right[] {
  const words = text.split(',').map((word) => word.trim());
  return [...new Set(words.map((word) => choose('--rights', word, rights)))];
}
