import { randomUUID } from 'node:crypto';
import type { AppParts } from '#app.ts';
import { defaultDialectSettings } from '#dialects/dialect-settings.ts';
import type { Db } from '#store/database.ts';
import { type Scene, strangersTenant } from './matrix-callers.ts';
import type { Ask, Cell, Column, Row } from './matrix-row.ts';

/** An application as hono builds it. */
export interface Server {
  readonly fetch: (request: Request) => Response | Promise<Response>;
}

export type Servers = Readonly<Record<Ask['edition'], Server>>;

/** The servers that the rows of the matrix are asked of. */
export function buildServers<S extends Server>(
  buildApp: (parts: AppParts) => S,
  db: Db,
  log: AppParts['log'],
): Readonly<Record<Ask['edition'], S>> {
  const build = (edition: Ask['edition']) =>
    buildApp({
      ...{ db, log, noteUse: () => undefined, publicUrl: 'http://x', ready: () => db.ready() },
      mounts: [{ name: 'metabase', tenant: strangersTenant }],
      dialectSettings: {
        ...defaultDialectSettings,
        metabase: { ...defaultDialectSettings.metabase, edition },
      },
    });
  return { free: build('free'), enterprise: build('enterprise') };
}

/** Every header in which some API takes a token. */
const everywhere = (token: string) => ({
  Authorization: `Bearer ${token}`,
  'X-API-Key': token,
  'X-Metabase-Session': token,
});

/** Asks one cell of the matrix, and gives what became of it: as a cell says it, or a status that no cell has. */
export async function askCell(servers: Servers, scene: Scene, row: Row, column: Column): Promise<Cell | number> {
  const asked = { column, subjects: scene.subjects, fresh: randomUUID() };
  const { method, path, body, type, headers, tokens, edition, send = everywhere } = row.ask(asked);
  const token = scene.tokens[tokens][column];
  const request = new Request(`http://localhost${path}`, {
    method,
    headers: {
      ...(token !== undefined && send(token)),
      ...(body !== undefined && { 'Content-Type': type, 'Content-Length': String(Buffer.byteLength(body)) }),
      ...headers,
    },
    ...(body !== undefined && { body }),
  });
  const { status } = await servers[edition].fetch(request);
  return status < 300 || status === 405 || status === 412 ? 'ok' : status;
}
