import { hash, randomBytes } from 'node:crypto';
import type { JournalEntry } from '#store/journal-entries.ts';
import type { SealRow } from '#store/journal-seals.ts';

/** The hash before the first row of a chain. */
export const chainStart = '0'.repeat(64);

/** SHA-256 of a salt, as its digits, and a text: tells who does not have the salt nothing about the text. */
export function saltedHash(salt: string, text: string): string {
  return hash('sha256', salt + text, 'hex');
}

const saltBytes = 16;

/** As many fresh salts as are wanted, in hexadecimal digits. */
export function newSalts(count: number): readonly string[] {
  const digits = randomBytes(count * saltBytes).toString('hex');
  return Array.from({ length: count }, (_, index) => digits.slice(index * saltBytes * 2, (index + 1) * saltBytes * 2));
}

/**
 * The hash of a link: SHA-256 of the JSON array of the hash before it, what the seal says and what the row says, in this
 * order. Decision 0014 tells the same for whoever wants to compute it without Muster.
 */
export function chainHashOf(previous: string, seal: Omit<SealRow, 'chainHash'>, entry: JournalEntry): string {
  const link = [
    ...[previous, seal.position, seal.since, seal.sealedAt, seal.changesHash, seal.addressHash ?? null],
    ...[entry.tenant, entry.sequence, entry.xact, entry.at, entry.connection ?? null, entry.person ?? null],
    ...[entry.dialect, entry.requestId, entry.kind, entry.resource, entry.action, entry.removes],
    entry.members ?? null,
  ];
  return hash('sha256', JSON.stringify(link), 'hex');
}
