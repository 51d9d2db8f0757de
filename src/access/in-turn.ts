import { openWorkQueue, type WorkQueue } from './work-queue.ts';

const waitingMax = 50;
/** Fewer than may wait for a hash: who is let in also gets his, and is not sent away after his try was counted. */
const keysAtOnceMax = 40;
const queues = new Map<string, WorkQueue>();
const everybody = openWorkQueue({ atOnce: keysAtOnceMax, waitingMax: 0 });

/**
 * Does tries with the same key one after the other, so that programs which sign in as one person at the same moment do not
 * look like failures of each other. Raises `unavailable`, before anything is done, when fifty wait already or forty other
 * keys are at work.
 */
export async function inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
  const queue = queues.get(key) ?? openWorkQueue({ atOnce: 1, waitingMax });
  queues.set(key, queue);
  try {
    return await queue.run(() => everybody.run(work));
  } finally {
    if (queue.isIdle()) queues.delete(key);
  }
}
