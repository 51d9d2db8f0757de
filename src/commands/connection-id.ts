import type { Connection } from '#store/connections.ts';

type Named = Pick<Connection, 'id' | 'name' | 'revokedAt'>;

/**
 * The id of the connection that an option names: by its id, else the live one of that name, else the one of that name that was
 * made last. Throws an Error of one sentence when there is none.
 */
export function connectionId(nameOrId: string, connections: readonly Named[]): string {
  const id = nameOrId.toLowerCase();
  const named = connections.filter(({ name }) => name === nameOrId);
  const found =
    connections.find((connection) => connection.id === id) ??
    named.find(({ revokedAt }) => revokedAt === undefined) ??
    named.at(-1);
  if (found !== undefined) return found.id;
  throw new Error('there is no connection of this name or id in this tenant');
}
