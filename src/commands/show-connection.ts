import type { Command } from 'commander';
import { getConnection } from '#operations/get-connection.ts';
import type { Token } from '#store/credentials.ts';
import { callerIn } from './choose-tenant.ts';
import { type OutputOptions, print, writeTable } from './output.ts';
import { jsonOption, tenantOption } from './shared-options.ts';
import { withRoll } from './with-roll.ts';

interface ShowOptions extends OutputOptions {
  readonly tenant: string;
}

/** Adds the verb that shows a connection with its tokens. */
export function addShowConnection(noun: Command): void {
  noun
    .command('show')
    .description(
      'Show a connection with its tokens (how they begin, when they end, when and from where they were used) and keys.',
    )
    .argument('<name-or-id>', 'the name of a live connection or the id of any')
    .addOption(tenantOption())
    .addOption(jsonOption())
    .action(show);
}

async function show(nameOrId: string, options: ShowOptions): Promise<void> {
  await withRoll(async ({ db }) => {
    const caller = await callerIn(db, options.tenant);
    const { id, tokenForm: _, tokens, keys, entra, ...facts } = await getConnection(caller, db, nameOrId);
    const shown = { connection: id, tenant: options.tenant, ...facts };
    const lines = [
      ...Object.entries(shown).map(([name, value]) => [name, String(value)]),
      ...keys.map((key) => ['key', key]),
      ...entra.map(({ entraTenant, audience }) => ['entra', `${entraTenant} ${audience}`]),
    ];
    print(options, { ...shown, tokens, keys, entra }, `${writeTable(lines)}\n${writeTable(tokenLines(tokens))}`);
  });
}

function tokenLines(tokens: readonly Token[]): string[][] {
  const header = ['TOKEN', 'KIND', 'MADE', 'EXPIRES', 'STATE', 'LAST USED', 'FROM'];
  const rows = tokens.map((token) => [
    ...[`${token.prefix}...`, token.kind, token.createdAt, token.expiresAt, stateOf(token)],
    ...[token.lastUsedAt ?? 'never', token.lastUsedAddress ?? ''],
  ]);
  return [header, ...rows];
}

function stateOf({ live, revokedAt }: Token): string {
  if (live) return 'live';
  return revokedAt === undefined ? 'expired' : `revoked ${revokedAt}`;
}
