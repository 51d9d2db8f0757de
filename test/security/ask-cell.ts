import { randomUUID } from 'node:crypto';
import type { Scene } from './matrix-callers.ts';
import type { Cell, Column, Row } from './matrix-row.ts';

/** An application as hono builds it. */
export interface Server {
  readonly fetch: (request: Request) => Response | Promise<Response>;
}

/** Asks one cell of the matrix, and gives what became of it: as a cell says it, or a status that no cell has. */
export async function askCell(app: Server, scene: Scene, row: Row, column: Column): Promise<Cell | number> {
  const asked = { column, subjects: scene.subjects, fresh: randomUUID() };
  const { method, path, body, type, headers, tokens } = row.ask(asked);
  const token = scene.tokens[tokens][column];
  const request = new Request(`http://localhost${path}`, {
    method,
    headers: {
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'Content-Type': type, 'Content-Length': String(Buffer.byteLength(body)) }),
      ...headers,
    },
    ...(body !== undefined && { body }),
  });
  const { status } = await app.fetch(request);
  return status < 300 || status === 405 || status === 412 ? 'ok' : status;
}
