import type { Db, Tx } from '#store/database.ts';
import type { JournalEntry } from '#store/journal-entries.ts';
import {
  type ChainEnd,
  findChainEnd,
  insertSeals,
  readBehind,
  type SealRow,
  takeSealTurn,
} from '#store/journal-seals.ts';
import { chainHashOf, chainStart, newSalts, saltedHash } from './seal-hash.ts';

/** How many rows one transaction seals at most. */
export const sealBatch = 2_000;

/** The newest link of a chain: who keeps it elsewhere sees later whether the chain still holds it. */
export interface ChainHead {
  readonly position: number;
  readonly hash: string;
}

/** What a run has sealed. */
export interface Sealed {
  readonly rows: number;
  readonly head?: ChainHead;
}

const noRows: Sealed = { rows: 0 };
/** The end of a chain without links. */
export const emptyChain: ChainEnd = {
  position: 0,
  chainHash: chainStart,
  xact: '0',
  sequence: 0,
  since: 0,
  highest: 0,
  restored: 'no',
};

/**
 * Puts the next rows of a tenant's journal into its chain, at most `count`. Does nothing while another server does it.
 * What is still uncertain (decision 0004) waits for a later run.
 */
export async function sealJournal(db: Db, tenant: number, count = sealBatch): Promise<Sealed> {
  return db.transaction(async (tx) => {
    if (!(await takeSealTurn(tx, tenant))) return noRows;
    const end = (await findChainEnd(tx, tenant)) ?? emptyChain;
    const { entries, sealedAt, since } = await readNext(tx, tenant, end, count);
    if (entries.length === 0) return noRows;
    const seals = linksOf({ ...end, since }, entries, sealedAt);
    insertSeals(tx, tenant, seals);
    const last = seals.at(-1);
    return {
      rows: seals.length,
      ...(last !== undefined && { head: { position: last.position, hash: last.chainHash } }),
    };
  });
}

/**
 * After a restore, first what the dump holds unsealed, all of which is over, then what was written since. While the ids of the
 * dump are still to come, all rows behind the end are the dump's; later only those with numbers among the sealed ones.
 */
async function readNext(tx: Tx, tenant: number, end: ChainEnd, count: number) {
  const isRestored = end.restored !== 'no';
  const bound = end.restored === 'passed' ? { upTo: end.highest } : {};
  const old = await readBehind(tx, tenant, end, { allOver: isRestored, ...bound, count });
  if (!isRestored || old.entries.length > 0) return { ...old, since: end.since };
  const since = end.highest;
  const fresh = await readBehind(tx, tenant, { xact: '0', sequence: 0, since }, { allOver: false, count });
  return { ...fresh, since };
}

/** The links that these rows become at the end of a chain, all with one time of sealing. */
export function linksOf(end: ChainEnd, entries: readonly JournalEntry[], sealedAt: string): readonly SealRow[] {
  const salts = newSalts(entries.length * 2);
  let previous = end.chainHash;
  return entries.map((entry, index) => {
    const [changesSalt = '', addressSalt = ''] = salts.slice(index * 2, index * 2 + 2);
    const seal = {
      ...{ position: end.position + index + 1, sequence: entry.sequence, xact: entry.xact },
      ...{ since: end.since, sealedAt, changesSalt, changesHash: saltedHash(changesSalt, entry.changes) },
      ...(entry.address !== undefined && { addressSalt, addressHash: saltedHash(addressSalt, entry.address) }),
    };
    previous = chainHashOf(previous, seal, entry);
    return { ...seal, chainHash: previous };
  });
}
