import { newToken } from '#access/token.ts';
import type { Caller } from '#domain/caller.ts';
import { insertToken } from '#store/credentials.ts';
import type { Db } from '#store/database.ts';
import { daySeconds } from './issue-token.ts';
import { replaceOldest } from './replace-oldest.ts';

/** A client id of OAuth and its new secret. The secret is shown once. */
export interface IssuedSecret {
  readonly connection: string;
  readonly secret: string;
  /** How it begins: what people may see of it later. */
  readonly prefix: string;
}

/**
 * Gives a connection a secret with which it gets access tokens, beside the newest one before it: RFC 6749 section 2.3.1.
 * Raises `forbidden`, `invalid_value`, `not_found`.
 */
export async function issueSecret(
  caller: Caller,
  db: Db,
  nameOrId: string,
  lifetimeDays: number,
): Promise<IssuedSecret> {
  return replaceOldest(caller, db, {
    ...{ nameOrId, kind: 'secret', lifetimeDays },
    make: (tx, { id }) => {
      const { token, hash, prefix } = newToken('mst');
      insertToken(tx, caller.tenant, id, { kind: 'secret', hash, prefix, lifetimeSeconds: lifetimeDays * daySeconds });
      return { connection: id, secret: token, prefix };
    },
  });
}
