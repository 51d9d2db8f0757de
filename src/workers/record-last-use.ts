import type { Worker } from './start-workers.ts';

const everyMs = 60_000;

/** Writes once a minute when and from where each token was last used. A crash loses a minute of it. */
export function recordLastUse(flush: () => Promise<void>): Worker {
  return { name: 'record-last-use', everyMs, run: flush };
}
