import type { Db, Tx } from './database.ts';

const insertStatement = {
  name: 'insert-reset-token',
  text: `insert into reset_token (tenant, hash, user_id, expires_at)
    values ($1, $2, $3, now() + make_interval(secs => $4))`,
};

/** Lets a person choose a new password with this token. */
export function insertResetToken(tx: Tx, tenant: number, hash: Buffer, person: string, lifetimeSeconds: number): void {
  tx.send(insertStatement, [tenant, hash, person, lifetimeSeconds]);
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
