import type { Db, Tx } from './database.ts';
import { entryColumns, entryFrom, type JournalEntry } from './journal-entries.ts';
import { type ChainEnd, type SealRow, sealFrom } from './journal-seals.ts';

/** A seal and the row that it is about. */
export interface Link {
  readonly seal: SealRow;
  /** Absent: the row is gone. */
  readonly entry?: JournalEntry;
  /** Whether the journal says that the data of the person whom the row is about was erased. */
  readonly resourceErased: boolean;
  /** The same of the person who wrote the row. */
  readonly personErased: boolean;
}

// Only a seal without its salt makes the database look for the erasure.
const isErased = (id: string) => `(s.changes_salt is null or s.address_salt is null and s.address_hash is not null)
  and exists (select from journal e where e.tenant = s.tenant and e.resource = ${id} and e.action = 'erased')`;

const linksStatement = {
  name: 'journal-links',
  text: `select s.position, s.sequence as sealed_sequence, s.xact::text as sealed_xact, s.since, s.sealed_at,
      encode(s.changes_hash, 'hex') as changes_hash, encode(s.changes_salt, 'hex') as changes_salt,
      encode(s.address_hash, 'hex') as address_hash, encode(s.address_salt, 'hex') as address_salt,
      encode(s.chain_hash, 'hex') as chain_hash, ${isErased('j.resource')} as resource_erased,
      ${isErased('j.person')} as person_erased, ${entryColumns}
    from journal_seal s left join journal j on j.tenant = s.tenant and j.sequence = s.sequence
    where s.tenant = $1 and s.position > $2 order by s.position limit $3`,
};

/** The links of a tenant's chain behind a position, at most `count`. */
export async function readLinks(db: Db, tenant: number, position: number, count: number): Promise<readonly Link[]> {
  const rows = await db.list({ ...linksStatement, values: [tenant, position, count] });
  return rows.map((row) => ({
    seal: sealFrom(row),
    ...(row.sequence !== null && { entry: entryFrom(row) }),
    resourceErased: row.resource_erased === true,
    personErased: row.person_erased === true,
  }));
}

/** What stands before the first link that is kept. */
export interface Anchor {
  readonly position: number;
  readonly chainHash: string;
  /** Whether it was put there after it was said that the journal is kept for ever. */
  readonly unasked: boolean;
}

const anchorStatement = {
  name: 'journal-anchor',
  text: `select a.position, encode(a.chain_hash, 'hex') as chain_hash,
      r.journal_days is null and a.moved_at > r.journal_unlimited_since as unasked
    from journal_anchor a cross join retention r where a.tenant = $1`,
};

/** Where the chain of a tenant begins, or undefined where it begins with its first row. */
export async function findAnchor(db: Pick<Db, 'read'>, tenant: number): Promise<Anchor | undefined> {
  const [row] = await db.read(anchorStatement, [tenant]);
  if (row === undefined) return undefined;
  return {
    position: row.position as number,
    chainHash: row.chain_hash as string,
    unasked: row.unasked === true,
  };
}

/** What a page of the journal's numbers tells of the rows that no seal covers. */
export interface Uncovered {
  /** The last number of the page; undefined behind the end. */
  readonly last?: number;
  readonly rows: number;
  /** The first of them that cannot have been there when the chain passed its place. */
  readonly inserted?: number;
}

// A seal before the beginning covers nothing: nobody walks over it. A row whose place in the order of the chain is passed can only have come in afterwards. After a restore ids start low
// again, so only numbers up to the highest sealed one are passed.
const uncoveredStatement = {
  name: 'journal-uncovered',
  text: `select max(p.sequence) as last, count(*) filter (where s.position is null) as rows,
      min(p.sequence) filter (where s.position is null and (
        p.sequence <= $4
        or (p.xact, p.sequence) <= ($5::text::xid8, $6::bigint) and p.sequence <= $7
        or p.at < least($8::timestamptz, now()) - make_interval(secs => $9)
      )) as inserted
    from (select j.sequence, j.xact, j.at from journal j where j.tenant = $1 and j.sequence > $2
      order by j.sequence limit $3) p
    left join journal_seal s on s.tenant = $1 and s.sequence = p.sequence
      and s.position > coalesce((select a.position from journal_anchor a where a.tenant = $1), 0)`,
};

/** How the rows that no seal covers are judged. */
export interface Passed {
  readonly end: ChainEnd;
  /** The highest sealed number. */
  readonly highest: number;
  /** The latest time of a sealed row. */
  readonly latestAt?: string;
  /** How much earlier than that a row may still have begun. */
  readonly toleranceSeconds: number;
}

/** Looks for rows that no seal covers among the next `count` numbers. */
export async function readUncovered(
  db: Db,
  tenant: number,
  from: number,
  count: number,
  { end, highest, latestAt, toleranceSeconds }: Passed,
): Promise<Uncovered> {
  // Higher numbers with lower ids show a restore, and the sealer takes them up.
  const bound = Math.max(highest, end.highest);
  const [row] = await db.list({
    ...uncoveredStatement,
    values: [tenant, from, count, end.since, end.xact, end.sequence, bound, latestAt ?? 'infinity', toleranceSeconds],
  });
  return {
    rows: (row?.rows as number | undefined) ?? 0,
    ...(typeof row?.last === 'number' && { last: row.last }),
    ...(typeof row?.inserted === 'number' && { inserted: row.inserted }),
  };
}

/** Reads outside a transaction with what is written for one. */
export function asReader(db: Db): Pick<Tx, 'run'> {
  return { run: (statement, values) => db.read(statement, values) };
}
