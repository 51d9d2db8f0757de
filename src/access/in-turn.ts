import { openWorkQueue, type WorkQueue } from './work-queue.ts';

const waitingMax = 50;
const queues = new Map<string, WorkQueue>();

/**
 * Does work with the same key one after the other, so that programs which sign in as one person at the same moment do not
 * look like failures of each other. Raises `unavailable` when fifty wait already.
 */
export async function inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
  const queue = queues.get(key) ?? openWorkQueue({ atOnce: 1, waitingMax });
  queues.set(key, queue);
  try {
    return await queue.run(work);
  } finally {
    if (queue.isIdle()) queues.delete(key);
  }
}
