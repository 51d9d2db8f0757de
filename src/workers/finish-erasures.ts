import type { Db } from '#store/database.ts';
import { finishErasures as finish } from '#store/request-erasure.ts';
import type { Worker } from './start-workers.ts';

/** Empties what the request log took up about people after their data was erased: it had waited in the memory of a server. */
export function finishErasures(db: Db): Worker {
  return { name: 'finish-erasures', everyMs: 5_000, run: () => finish(db) };
}
