import type { Db } from './database.ts';

/** An assertion that was found good, by the hash of its `jti`. */
export interface Assertion {
  readonly tenant: number;
  readonly connection: string;
  readonly hash: Buffer;
  /** How long from now somebody could send it again. */
  readonly livesSeconds: number;
}

const spendStatement = {
  name: 'spend-assertion',
  text: `insert into spent_assertion (tenant, connection, hash, expires_at)
    values ($1, $2, $3, now() + make_interval(secs => $4)) on conflict do nothing returning 1`,
};

/** Whether the assertion is sent for the first time, on whichever node. It is not from now on. */
export async function spendAssertion(db: Db, { tenant, connection, hash, livesSeconds }: Assertion): Promise<boolean> {
  const rows = await db.transaction((tx) => tx.run(spendStatement, [tenant, connection, hash, livesSeconds]));
  return rows.length === 1;
}

const clearStatement = {
  name: 'clear-spent-assertions',
  text: 'delete from spent_assertion where expires_at < now() and tenant = any(select tenant from tenant)',
};

/** Forgets assertions that have expired: those are refused without being remembered. */
export async function clearSpentAssertions(db: Db): Promise<void> {
  await db.transaction(async (tx) => tx.send(clearStatement));
}
