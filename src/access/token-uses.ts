import type { Db } from '#store/database.ts';
import { keepUses, type TokenUse } from '#store/token-uses.ts';

/** Hears that a token was used, from which address. Costs nothing that a request would feel. */
export type NoteUse = (hash: Buffer, address: string | undefined) => void;

/** When and from where tokens were last used, until it is written. */
export interface TokenUses {
  readonly note: NoteUse;
  /** Writes what was noted since the last time: one statement, one row a token. Raises `unavailable`, and notes are lost. */
  readonly flush: () => Promise<void>;
}

/** Collects the uses of tokens in memory. A process that dies loses those that were not written. */
export function collectTokenUses(db: Db): TokenUses {
  let noted = new Map<string, TokenUse>();
  return {
    note: (hash, address) => {
      const atMs = performance.now();
      noted.set(hash.toString('hex'), { hash, atMs, ...(address !== undefined && { address }) });
    },
    flush: async () => {
      const uses = [...noted.values()];
      noted = new Map();
      if (uses.length > 0) await keepUses(db, uses, performance.now());
    },
  };
}
