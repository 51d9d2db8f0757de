import type { Db, Tx } from './database.ts';

const insertStatement = {
  name: 'insert-reset-token',
  text: `insert into reset_token (tenant, hash, user_id, expires_at)
    select $1, $2, r.id, now() + make_interval(secs => $5)
    from (
      select id from app_user where tenant = $1 and id = $3 and version = $4 and active for share
    ) r returning user_id`,
};

/** A way to choose a new password: the hash of its token, and whose it is as he was when his address was read. */
export interface NewReset {
  readonly hash: Buffer;
  readonly person: string;
  readonly version: number;
}

/**
 * Lets a person choose a new password with a token, unless he is inactive or another version by now: then false. Whoever
 * changes him at that moment waits, and then ends the token where his change does.
 */
export async function insertResetToken(
  tx: Tx,
  tenant: number,
  { hash, person, version }: NewReset,
  lifetimeSeconds: number,
): Promise<boolean> {
  return (await tx.run(insertStatement, [tenant, hash, person, version, lifetimeSeconds])).length === 1;
}

const endStatement = { name: 'end-resets', text: 'delete from reset_token where tenant = $1 and user_id = $2' };

/** Ends every token that waits for a person. */
export function deleteResetTokensOf(tx: Tx, tenant: number, person: string): void {
  tx.send(endStatement, [tenant, person]);
}

const findText = `select t.user_id from reset_token t
  join app_user r on r.tenant = t.tenant and r.id = t.user_id and r.active
  where t.tenant = $1 and t.hash = $2 and t.expires_at > now()`;
const findStatement = { name: 'find-reset-token', text: findText };

/** Whose reset token this is, or undefined when it is nobody's or no longer good. */
export async function findResetToken(db: Db, tenant: number, hash: Buffer): Promise<string | undefined> {
  const [row] = await db.read(findStatement, [tenant, hash]);
  return row?.user_id as string | undefined;
}

const useStatement = {
  name: 'use-reset-token',
  text: `with used as (delete from reset_token where tenant = $1 and hash = $2 and expires_at > now() returning user_id)
    select r.id from used join app_user r on r.tenant = $1 and r.id = used.user_id and r.active`,
};

/** Uses a reset token up and gives whose it was; of two who use it at once one finds nothing. */
export async function useResetToken(tx: Tx, tenant: number, hash: Buffer): Promise<string | undefined> {
  const [row] = await tx.run(useStatement, [tenant, hash]);
  return row?.id as string | undefined;
}
