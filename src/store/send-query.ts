import type { Socket } from 'node:net';
import type pg from 'pg';

/**
 * Sends a statement on a pipelined connection. Those sent within one turn of the event loop travel in one packet: to
 * write to the socket costs more than to run most of them.
 */
export function sendQuery(client: pg.PoolClient, query: pg.QueryConfig): Promise<pg.QueryResult> {
  const { stream } = (client as unknown as { readonly connection: { readonly stream: Socket } }).connection;
  if (stream.writableCorked === 0) {
    stream.cork();
    setImmediate(() => stream.uncork());
  }
  return client.query(query);
}
