import type { Command } from 'commander';
import { getConnection } from '#operations/get-connection.ts';
import { liveTokensMax } from '#operations/issue-token.ts';
import { listConnections } from '#operations/list-connections.ts';
import { revokeConnection } from '#operations/revoke-connection.ts';
import { revokeToken } from '#operations/revoke-token.ts';
import { rotateConnection } from '#operations/rotate-connection.ts';
import { callerIn } from './choose-tenant.ts';
import { addConnectionOauth } from './connection-oauth.ts';
import { addCreateConnection } from './create-connection.ts';
import { type OutputOptions, print, writeTable } from './output.ts';
import { readNumber } from './read-number.ts';
import { jsonOption, tenantOption } from './shared-options.ts';
import { addShowConnection } from './show-connection.ts';
import { showToken } from './show-token.ts';
import { addUpdateConnection } from './update-connection.ts';
import { withRoll } from './with-roll.ts';

interface TenantOptions extends OutputOptions {
  readonly tenant: string;
}

interface RotateOptions extends TenantOptions {
  readonly expiresDays?: string;
}

interface RevokeOptions extends TenantOptions {
  readonly token?: string;
}

/** Adds the verbs of connections to the command line. */
export function addConnectionCommands(program: Command): void {
  const noun = program.command('connection').description('Integrations and their tokens.');
  addCreateConnection(noun);
  noun
    .command('list')
    .description('Show all connections of a tenant, revoked ones too.')
    .addOption(tenantOption())
    .addOption(jsonOption())
    .action(list);
  addShowConnection(noun);
  addUpdateConnection(noun);
  noun
    .command('rotate')
    .description(
      `Give a connection a new token. The one before it goes on working; older ones end (${liveTokensMax} live).`,
    )
    .argument('<name-or-id>', 'the name or the id of the connection')
    .option('--expires-days <days>', 'after how many days it expires; else as TOKEN_LIFETIME_DAYS says')
    .addOption(tenantOption())
    .addOption(jsonOption())
    .action(rotate);
  noun
    .command('revoke')
    .description('End a connection: its tokens, access tokens too, are refused from the next request on.')
    .argument('<name-or-id>', 'the name or the id of the connection')
    .option(
      '--token <beginning>',
      'end only the token or secret that begins so, as connection show has it; with a secret all access tokens end',
    )
    .addOption(tenantOption())
    .addOption(jsonOption())
    .action(revoke);
  addConnectionOauth(noun);
}

async function list(options: TenantOptions): Promise<void> {
  await withRoll(async ({ db }) => {
    const found = await listConnections(await callerIn(db, options.tenant), db);
    const rows = found.map((row) => [
      ...[row.name, row.id, row.dialect, row.profile, row.rights.join(','), row.createdAt],
      row.revokedAt === undefined ? 'live' : `revoked ${row.revokedAt}`,
    ]);
    const header = ['NAME', 'CONNECTION', 'DIALECT', 'PROFILE', 'RIGHTS', 'MADE', 'STATE'];
    const { tenant } = options;
    const result = found.map(({ id, tokenForm: _, guard: __, ...row }) => ({ connection: id, tenant, ...row }));
    print(options, result, writeTable([header, ...rows]));
  });
}

async function rotate(nameOrId: string, options: RotateOptions): Promise<void> {
  const { expiresDays } = options;
  const days = expiresDays === undefined ? undefined : readNumber('--expires-days', expiresDays);
  await withRoll(async ({ db }, config) => {
    const caller = await callerIn(db, options.tenant);
    const issued = await rotateConnection(caller, db, nameOrId, days ?? config.tokenLifetimeDays);
    const { dialect } = await getConnection(caller, db, issued.connection);
    showToken(options, config, dialect, issued);
  });
}

async function revoke(nameOrId: string, options: RevokeOptions): Promise<void> {
  const { tenant, token } = options;
  await withRoll(async ({ db }) => {
    const caller = await callerIn(db, tenant);
    if (token !== undefined) {
      await revokeToken(caller, db, nameOrId, token);
      const text = `The token of the connection ${nameOrId} that begins with ${token} is revoked.\n`;
      return print(options, { connection: nameOrId, tenant, token, revoked: true }, text);
    }
    const { id, name } = await revokeConnection(caller, db, nameOrId);
    print(options, { connection: id, tenant, name, revoked: true }, `The connection ${name} is revoked.\n`);
  });
}
