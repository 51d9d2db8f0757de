import type { Config } from '#config.ts';
import { spoken } from '#dialects/index.ts';
import { urlOfMount } from '#dialects/mount.ts';
import type { Issued } from '#operations/issue-token.ts';
import { note, type OutputOptions, print, writeTable } from './output.ts';
import { serverUrl } from './server-url.ts';

/** What the output about a token depends on. */
export interface TokenOptions extends OutputOptions {
  readonly tenant: string;
}

/** Shows a new token, this once, and where it is good. */
export function showToken(options: TokenOptions, config: Config, dialect: string, { connection, token }: Issued): void {
  const [prefix = ''] = spoken.find(({ name }) => name === dialect)?.prefixes ?? [];
  const place = config.mounts?.find(({ name }) => name === dialect) ?? {};
  const url = `${urlOfMount(place, serverUrl(config))}${prefix}`;
  const result = { connection, tenant: options.tenant, dialect, token, url };
  print(options, result, writeTable(Object.entries(result)));
  if (!options.json) note('The token is shown this once.');
}
