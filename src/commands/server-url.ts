import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Config } from '#config.ts';

/** Where a running server writes under which URL it is reached, for the commands beside it. */
export function serverUrlFile(dataFolder: string): string {
  return path.join(dataFolder, 'server-url');
}

/** Under which URL clients reach the server: as the settings say, as the last server wrote, or as the next one will. */
export function serverUrl(config: Config): string {
  if (config.publicUrl !== undefined) return config.publicUrl;
  try {
    return readFileSync(serverUrlFile(config.dataFolder), 'utf8').trim();
  } catch {
    return `http://${config.host}:${config.port}`;
  }
}
