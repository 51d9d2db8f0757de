import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Config } from '#config.ts';
import { spoken } from '#dialects/index.ts';
import { urlOfMount } from '#dialects/mount.ts';

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

/** Where an API answers on a server: at the first of the places that `MOUNTS` gives it, else at its usual one. */
export function apiUrl(name: string, { mounts = [] }: Pick<Config, 'mounts'>, publicUrl: string): string {
  const [prefix = ''] = spoken.find((api) => api.name === name)?.prefixes ?? [];
  const place = mounts.find((mount) => mount.name === name) ?? {};
  return `${urlOfMount(place, publicUrl)}${prefix}`;
}
