import type { Db, Tx } from './database.ts';

/** The password of a person as it is kept. */
export interface StoredPassword {
  readonly hash: string;
  readonly temporary: boolean;
  /** Whether the time of a temporary one is over. */
  readonly expired: boolean;
}

const findStatement = {
  name: 'find-password',
  text: `select hash, temporary, coalesce(expires_at <= now(), false) as expired from password
    where tenant = $1 and user_id = $2`,
};

/** The password of a person, or undefined for who has none. */
export async function findPassword(db: Db, tenant: number, person: string): Promise<StoredPassword | undefined> {
  const [row] = await db.read(findStatement, [tenant, person]);
  return row as StoredPassword | undefined;
}

const saveStatement = {
  name: 'save-password',
  text: `insert into password (tenant, user_id, hash, temporary, expires_at)
    values ($1, $2, $3, $4::integer is not null, now() + make_interval(secs => $4))
    on conflict (tenant, user_id) do update set hash = excluded.hash, temporary = excluded.temporary,
      expires_at = excluded.expires_at, changed_at = now()`,
};

/** Gives a person a password; one with a lifetime is temporary. */
export function savePassword(tx: Tx, tenant: number, person: string, hash: string, lifetimeSeconds?: number): void {
  tx.send(saveStatement, [tenant, person, hash, lifetimeSeconds ?? null]);
}

const rehashStatement = {
  name: 'rehash-password',
  text: 'update password set hash = $4 where tenant = $1 and user_id = $2 and hash = $3',
};

/** Replaces the hash of a password by a better one of the same password, unless it has been changed since. */
export function rehashPassword(tx: Tx, tenant: number, person: string, from: string, to: string): void {
  tx.send(rehashStatement, [tenant, person, from, to]);
}

const unchangedStatement = {
  name: 'is-password-unchanged',
  text: 'select from password where tenant = $1 and user_id = $2 and changed_at = $3',
};

/** Whether the password of a person who is held is the one of this time still; a better hash of it is no other one. */
export async function isPasswordUnchanged(tx: Tx, tenant: number, person: string, changedAt: string): Promise<boolean> {
  return (await tx.run(unchangedStatement, [tenant, person, changedAt])).length === 1;
}
