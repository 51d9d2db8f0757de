import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { tokenPath } from '#admin/oauth.ts';
import { addConnectionKey } from '#operations/add-connection-key.ts';
import { issueSecret } from '#operations/issue-secret.ts';
import { liveTokensMax } from '#operations/issue-token.ts';
import { removeConnectionKey } from '#operations/remove-connection-key.ts';
import { distrustEntra, entraAudience, trustEntra } from '#operations/trust-entra.ts';
import { callerIn } from './choose-tenant.ts';
import { note, type OutputOptions, print, writeTable } from './output.ts';
import { readNumber } from './read-number.ts';
import { serverUrl } from './server-url.ts';
import { jsonOption, tenantOption } from './shared-options.ts';
import { withRoll } from './with-roll.ts';

interface TenantOptions extends OutputOptions {
  readonly tenant: string;
}

interface SecretOptions extends TenantOptions {
  readonly expiresDays?: string;
}

interface AddKeyOptions extends TenantOptions {
  readonly jwk: string;
}

interface RemoveKeyOptions extends TenantOptions {
  readonly key: string;
}

interface TrustOptions extends TenantOptions {
  readonly entraTenant: string;
  readonly audience: string;
}

const argument = ['<name-or-id>', 'the name or the id of the connection'] as const;

/** Adds the verbs by which a connection gets access tokens, or has those of Entra taken. */
export function addConnectionOauth(noun: Command): void {
  const verb = (name: string, description: string) =>
    noun
      .command(name)
      .description(description)
      .argument(...argument)
      .addOption(tenantOption())
      .addOption(jsonOption());
  verb(
    'secret',
    `Make an OAuth client secret, shown this once. The one before it goes on working; older ones end (${liveTokensMax} live).`,
  )
    .option('--expires-days <days>', 'after how many days it expires; else as TOKEN_LIFETIME_DAYS says')
    .action(makeSecret);
  verb('add-key', 'Let a connection sign for its access tokens with a key of its own (private_key_jwt).')
    .requiredOption('--jwk <file>', 'a file with the public half of the key, as one JWK')
    .action(addKey);
  verb(
    'remove-key',
    'Take a key from a connection: what it signs is refused from now on, and all access tokens of the connection end.',
  )
    .requiredOption('--key <thumbprint>', 'the thumbprint that add-key showed')
    .action(removeKey);
  verb(
    'trust-entra',
    'Take the tokens that an Entra tenant makes itself, when its secret token is left empty. Those taken before are taken no more.',
  )
    .requiredOption('--entra-tenant <id>', 'the id of the Entra tenant')
    .option('--audience <audience>', 'whom the tokens are made out to', entraAudience)
    .action(trust);
  verb('distrust-entra', 'Take no tokens of Entra for a connection any more.').action(distrust);
}

async function makeSecret(nameOrId: string, options: SecretOptions): Promise<void> {
  const { tenant, expiresDays } = options;
  const days = expiresDays === undefined ? undefined : readNumber('--expires-days', expiresDays);
  await withRoll(async ({ db }, config) => {
    const caller = await callerIn(db, tenant);
    const { connection, secret } = await issueSecret(caller, db, nameOrId, days ?? config.tokenLifetimeDays);
    const result = { tenant, clientId: connection, clientSecret: secret, tokenUrl: `${serverUrl(config)}${tokenPath}` };
    print(options, result, writeTable(Object.entries(result)));
    if (!options.json) note('The secret is shown this once.');
  });
}

async function addKey(nameOrId: string, options: AddKeyOptions): Promise<void> {
  const { tenant } = options;
  const jwk = await readFile(options.jwk, 'utf8').catch(() => {
    throw new Error(`The file ${options.jwk} cannot be read; name one that holds a JWK.`);
  });
  await withRoll(async ({ db }, config) => {
    const { connection, key } = await addConnectionKey(await callerIn(db, tenant), db, nameOrId, jwk);
    const result = { tenant, clientId: connection, key, tokenUrl: `${serverUrl(config)}${tokenPath}` };
    print(options, result, writeTable(Object.entries(result)));
  });
}

async function removeKey(nameOrId: string, options: RemoveKeyOptions): Promise<void> {
  const { tenant, key } = options;
  await withRoll(async ({ db }) => {
    await removeConnectionKey(await callerIn(db, tenant), db, nameOrId, key);
    print(options, { connection: nameOrId, tenant, key, removed: true }, `The key ${key} is removed.\n`);
  });
}

async function trust(nameOrId: string, options: TrustOptions): Promise<void> {
  const { tenant, entraTenant, audience } = options;
  await withRoll(async ({ db }) => {
    const caller = await callerIn(db, tenant);
    const { connection } = await trustEntra(caller, db, nameOrId, { entraTenant, audience });
    const text = `Tokens that the Entra tenant ${entraTenant} makes are taken for the connection ${nameOrId}.\n`;
    print(options, { connection, tenant, entraTenant, audience }, text);
  });
}

async function distrust(nameOrId: string, options: TenantOptions): Promise<void> {
  const { tenant } = options;
  await withRoll(async ({ db }) => {
    const { connection } = await distrustEntra(await callerIn(db, tenant), db, nameOrId);
    print(options, { connection, tenant, trusted: false }, `No token of Entra is taken for ${nameOrId} any more.\n`);
  });
}
