import type { Db, Tx } from './database.ts';

/** An assertion that was found good, by the hash of its `jti`. */
export interface Assertion {
  readonly hash: Buffer;
  /** How long from now somebody could send it again. */
  readonly livesSeconds: number;
}

const spendStatement = {
  name: 'spend-assertion',
  text: `insert into spent_assertion (tenant, connection, hash, expires_at)
    values ($1, $2, $3, now() + make_interval(secs => $4)) on conflict do nothing returning 1`,
};

/** Whether the connection spends the assertion for the first time, on whichever node. It does not after the commit. */
export async function spendAssertion(
  tx: Tx,
  tenant: number,
  connection: string,
  { hash, livesSeconds }: Assertion,
): Promise<boolean> {
  const rows = await tx.run(spendStatement, [tenant, connection, hash, livesSeconds]);
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
