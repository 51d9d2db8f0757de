import { newToken } from '#access/token.ts';
import type { Connection } from '#store/connections.ts';
import { insertToken } from '#store/credentials.ts';
import type { Tx } from '#store/database.ts';

export const daySeconds = 86_400;

/** How many tokens of one connection live at a time, so that one can be replaced before the other ends. */
export const liveTokensMax = 2;

/** A connection and its new token. The token is shown once. */
export interface Issued {
  readonly connection: string;
  readonly token: string;
  /** How it begins: what people may see of it later. */
  readonly prefix: string;
}

/** Makes a token of a connection live. */
export function issueToken(
  tx: Tx,
  tenant: number,
  { id, tokenForm }: Pick<Connection, 'id' | 'tokenForm'>,
  lifetimeDays: number,
): Issued {
  const { token, hash, prefix } = newToken(tokenForm);
  insertToken(tx, tenant, id, { kind: 'token', hash, prefix, lifetimeSeconds: lifetimeDays * daySeconds });
  return { connection: id, token, prefix };
}
