import type { Db } from './database.ts';

/** One use of a token. */
export interface TokenUse {
  readonly hash: Buffer;
  /** When, by a clock of this process that never jumps. */
  readonly atMs: number;
  readonly address?: string;
}

const keepStatement = {
  name: 'keep-uses',
  text: `update credential c set last_used_at = u.at, last_used_address = u.address
    from (select hash, address, now() - make_interval(secs => age / 1000) as at
      from unnest($1::bytea[], $2::text[], $3::double precision[]) as u (hash, address, age)) u
    where c.hash = u.hash and (c.last_used_at is null or c.last_used_at < u.at)`,
};

/** Writes the last uses of tokens. Ages are from our clock, times from the database's; a later use that another node wrote stays. */
export async function keepUses(db: Db, uses: readonly TokenUse[], nowMs: number): Promise<void> {
  const columns = [
    uses.map(({ hash }) => hash),
    uses.map(({ address }) => address ?? null),
    uses.map(({ atMs }) => nowMs - atMs),
  ];
  await db.transaction(async (tx) => tx.send(keepStatement, columns));
}
