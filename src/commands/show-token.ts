import type { Config } from '#config.ts';
import type { Issued } from '#operations/issue-token.ts';
import { note, type OutputOptions, print, writeTable } from './output.ts';
import { apiUrl, serverUrl } from './server-url.ts';

/** What the output about a token depends on. */
export interface TokenOptions extends OutputOptions {
  readonly tenant: string;
}

/** Shows a new token, this once, and where it is good. */
export function showToken(options: TokenOptions, config: Config, dialect: string, { connection, token }: Issued): void {
  const url = apiUrl(dialect, config, serverUrl(config));
  const result = { connection, tenant: options.tenant, dialect, token, url };
  print(options, result, writeTable(Object.entries(result)));
  if (!options.json) note('The token is shown this once.');
}
