import type { JournalEntry } from '#store/journal-entries.ts';
import type { Link } from '#store/journal-links.ts';
import type { SealRow } from '#store/journal-seals.ts';
import { isLate, noOrder, type Order, withRow } from './late-rows.ts';
import { chainHashOf, chainStart, saltedHash } from './seal-hash.ts';

/** The first thing that is wrong with a journal. */
export interface Finding {
  readonly kind: 'altered' | 'removed' | 'inserted' | 'cut off';
  /** The number of the row, where it is known. */
  readonly sequence?: number;
  /** Its place in the chain, where it has one. */
  readonly position?: number;
  readonly message: string;
}

/** How far a chain was walked. */
export interface Walk {
  readonly position: number;
  readonly hash: string;
  /** The number of the row at the last link. */
  readonly lastSequence?: number;
  readonly order: Order;
}

/** The walk before the first link. */
export const walkStart: Walk = { position: 0, hash: chainStart, order: noOrder };

/** Goes on by one link of a chain, or says what is wrong with it. */
export function checkLink(walk: Walk, link: Link, toleranceMs: number): Walk | Finding {
  const { seal, entry } = link;
  const position = walk.position + 1;
  if (seal.position !== position) {
    return { kind: 'removed', position, message: `a row is gone, and its seal with it, ${behind(walk)}` };
  }
  const about = { sequence: seal.sequence, position };
  if (entry === undefined) return { kind: 'removed', ...about, message: 'the row is gone' };
  const wrong = wrongText(link, entry) ?? wrongHash(walk, seal, entry);
  if (wrong !== undefined) return { kind: 'altered', ...about, message: wrong };
  if (isLate(walk.order, entry, seal.sealedAt, toleranceMs)) {
    return { kind: 'inserted', ...about, message: 'the row came in long after its number or its time' };
  }

  return {
    position,
    hash: seal.chainHash,
    lastSequence: seal.sequence,
    order: withRow(walk.order, entry, toleranceMs),
  };
}

function behind({ lastSequence }: Walk): string {
  return lastSequence === undefined ? 'at the beginning' : `behind the one with the number ${lastSequence}`;
}

/** What is wrong with the texts that an erasure may take away. */
function wrongText({ seal, resourceErased, personErased }: Link, entry: JournalEntry): string | undefined {
  const { changesSalt, changesHash, addressSalt, addressHash } = seal;
  const changesFit =
    changesSalt === undefined
      ? resourceErased && entry.changes === '[]'
      : saltedHash(changesSalt, entry.changes) === changesHash;
  if (!changesFit) return 'what the row says of the changes is not what was sealed';
  const addressFits =
    addressHash === undefined || addressSalt === undefined
      ? entry.address === undefined && (addressHash === undefined || resourceErased || personErased)
      : entry.address !== undefined && saltedHash(addressSalt, entry.address) === addressHash;
  return addressFits ? undefined : 'the address in the row is not the one that was sealed';
}

function wrongHash(walk: Walk, seal: SealRow, entry: JournalEntry): string | undefined {
  if (entry.xact !== seal.xact) return 'the row names another transaction than its seal';
  return chainHashOf(walk.hash, seal, entry) === seal.chainHash
    ? undefined
    : 'the row does not fit the one before it: one of them was changed or moved, or one between them removed';
}
