import type { Db, Row, Tx } from './database.ts';
import { entryColumns, entryFrom, type JournalEntry } from './journal-entries.ts';

/** A tenant whose journal has rows that can be sealed. */
export interface Unsealed {
  readonly tenant: number;
  readonly name: string;
}

/** Among so many of the oldest rows that no seal covers a restore is looked for. */
const lookAhead = 10_000;

// The anchor is the last seal where no other is kept.
const lastSeal = (tenant: string) => `select b.*, h.highest, b.xact >= pg_snapshot_xmax(pg_current_snapshot()) as ahead,
    exists (select from (
      select j.xact from journal j where j.tenant = ${tenant} and j.sequence > h.highest order by j.sequence limit ${lookAhead}
    ) j where j.xact < b.xact and j.xact < pg_snapshot_xmin(pg_current_snapshot())) as passed
  from (
    (select s.position, s.sequence, s.xact, s.since, s.chain_hash from journal_seal s
      where s.tenant = ${tenant} order by s.position desc limit 1)
    union all
    select a.position, a.sequence, a.xact, a.since, a.chain_hash from journal_anchor a where a.tenant = ${tenant}
  ) b cross join lateral (select greatest(
    (select max(m.sequence) from journal_seal m where m.tenant = ${tenant}),
    (select a.highest from journal_anchor a where a.tenant = ${tenant})) as highest) h
  order by b.position desc limit 1`;

const unsealedStatement = {
  name: 'unsealed-tenants',
  text: `select t.tenant, t.name from tenant t left join lateral (${lastSeal('t.tenant')}) l on true
    where l.passed or exists (
      select from journal j where j.tenant = t.tenant
        and (j.xact, j.sequence) > (coalesce(l.xact, '0'::xid8), coalesce(l.sequence, 0))
        and j.sequence > coalesce(l.since, 0)
        and (l.ahead or j.xact < pg_snapshot_xmin(pg_current_snapshot()))
    ) or l.ahead and exists (
      select from journal j where j.tenant = t.tenant and j.xact < pg_snapshot_xmin(pg_current_snapshot())
        and j.sequence > l.highest
    )`,
};

/** The tenants whose journals have rows below the horizon that no seal covers yet. */
export async function findUnsealed(db: Db): Promise<readonly Unsealed[]> {
  const rows = await db.list({ ...unsealedStatement, values: [] });
  return rows.map((row) => ({ tenant: row.tenant as number, name: row.name as string }));
}

const turnStatement = {
  name: 'seal-turn',
  text: `select pg_try_advisory_xact_lock(hashtext('journal_seal'), $1) as mine`,
};

/** Whether this transaction alone seals the tenant's journal until it ends. */
export async function takeSealTurn(tx: Tx, tenant: number): Promise<boolean> {
  const [row] = await tx.run(turnStatement, [tenant]);
  return row?.mine === true;
}

/** Where the chain of a tenant ends. */
export interface ChainEnd {
  readonly position: number;
  readonly chainHash: string;
  /** The transaction and number of the row at the end: the next ones come behind it, in this order. */
  readonly xact: string;
  readonly sequence: number;
  /** Rows up to this number were sealed before the database was restored. */
  readonly since: number;
  /** The highest number that is or was sealed. */
  readonly highest: number;
  /**
   * Whether the database was restored since, so that its transactions have lower ids again: `ahead` while that of the end is still
   * to come, `passed` when rows with lower ones and higher numbers show it afterwards.
   */
  readonly restored: 'no' | 'ahead' | 'passed';
}

const endStatement = {
  name: 'chain-end',
  text: `select l.position, l.sequence, l.xact::text as xact, l.since, encode(l.chain_hash, 'hex') as chain_hash,
      l.highest, l.ahead, l.passed
    from (${lastSeal('$1')}) l`,
};

/** The end of a tenant's chain, or undefined where nothing is sealed yet. */
export async function findChainEnd(tx: Pick<Tx, 'run'>, tenant: number): Promise<ChainEnd | undefined> {
  const [row] = await tx.run(endStatement, [tenant]);
  if (row === undefined) return undefined;
  return {
    position: row.position as number,
    chainHash: row.chain_hash as string,
    xact: row.xact as string,
    sequence: row.sequence as number,
    since: row.since as number,
    highest: row.highest as number,
    restored: row.ahead === true ? 'ahead' : row.passed === true ? 'passed' : 'no',
  };
}

const behindStatement = {
  name: 'journal-behind',
  text: `select ${entryColumns}, now()::timestamptz(3) as sealed_at from journal j
    where j.tenant = $1 and (j.xact, j.sequence) > ($2::text::xid8, $3::bigint) and j.sequence > $4
      and ($5 or j.xact < pg_snapshot_xmin(pg_current_snapshot())) and j.sequence <= coalesce($6, j.sequence)
    order by j.xact, j.sequence limit $7`,
};

/**
 * Rows behind the end of a chain, in its order, and the time of the database. Below the horizon only, unless all are over;
 * where it is said, up to a number only.
 */
export async function readBehind(
  tx: Tx,
  tenant: number,
  end: Pick<ChainEnd, 'xact' | 'sequence' | 'since'>,
  options: { readonly allOver: boolean; readonly upTo?: number; readonly count: number },
): Promise<{ readonly entries: readonly JournalEntry[]; readonly sealedAt: string }> {
  const rows = await tx.run(behindStatement, [
    ...[tenant, end.xact, end.sequence, end.since],
    ...[options.allOver, options.upTo, options.count],
  ]);
  return { entries: rows.map(entryFrom), sealedAt: (rows[0]?.sealed_at as string | undefined) ?? '' };
}

/** A seal as the table keeps it; hashes and salts in hexadecimal digits. */
export interface SealRow {
  readonly position: number;
  readonly sequence: number;
  readonly xact: string;
  readonly since: number;
  readonly sealedAt: string;
  readonly changesHash: string;
  readonly changesSalt?: string;
  readonly addressHash?: string;
  readonly addressSalt?: string;
  readonly chainHash: string;
}

const insertStatement = {
  name: 'insert-seals',
  text: `insert into journal_seal (tenant, position, sequence, xact, since, sealed_at, changes_hash, changes_salt,
      address_hash, address_salt, chain_hash)
    select $1, r.position, r.sequence, r.xact::xid8, r.since, r."sealedAt", decode(r."changesHash", 'hex'),
      decode(r."changesSalt", 'hex'), decode(r."addressHash", 'hex'), decode(r."addressSalt", 'hex'),
      decode(r."chainHash", 'hex')
    from json_to_recordset($2::json) as r (position bigint, sequence bigint, xact text, since bigint,
      "sealedAt" timestamptz, "changesHash" text, "changesSalt" text, "addressHash" text, "addressSalt" text,
      "chainHash" text)`,
};

/** Adds links to the chain of a tenant. */
export function insertSeals(tx: Tx, tenant: number, seals: readonly SealRow[]): void {
  tx.send(insertStatement, [tenant, JSON.stringify(seals)]);
}

/** A seal from a row with the columns of `journal_seal`, hashes as hexadecimal digits. */
export function sealFrom(row: Row): SealRow {
  return {
    position: row.position as number,
    sequence: row.sealed_sequence as number,
    xact: row.sealed_xact as string,
    since: row.since as number,
    sealedAt: row.sealed_at as string,
    changesHash: row.changes_hash as string,
    ...(row.changes_salt !== null && { changesSalt: row.changes_salt as string }),
    ...(row.address_hash !== null && { addressHash: row.address_hash as string }),
    ...(row.address_salt !== null && { addressSalt: row.address_salt as string }),
    chainHash: row.chain_hash as string,
  };
}
