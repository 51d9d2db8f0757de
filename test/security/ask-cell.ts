import { randomUUID } from 'node:crypto';
import type { Cell, Column, Row } from './matrix.ts';
import type { Scene } from './matrix-callers.ts';

/** An application as hono builds it. */
export interface Server {
  readonly fetch: (request: Request) => Response | Promise<Response>;
}

/** Asks one cell of the matrix, and gives what became of it: as a cell says it, or a status that no cell has. */
export async function askCell(app: Server, scene: Scene, row: Row, column: Column): Promise<Cell | number> {
  const { method, path, body, type, headers } = row.ask({ column, subjects: scene.subjects, fresh: randomUUID() });
  const dialect = path.startsWith('/admin/') ? 'admin' : 'scim';
  const token = scene.tokens[dialect]?.[column];
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
  const isRefusal = status === 401 || status === 403 || status === 404;
  return isRefusal || status >= 500 || status === 400 ? status : 'ok';
}
