import { Fault } from '#domain/fault.ts';

/** Does pieces of work, some of them at once and the others in turn. */
export interface WorkQueue {
  readonly run: <T>(work: () => Promise<T>) => Promise<T>;
  /** Whether nothing is under way. */
  readonly isIdle: () => boolean;
}

/**
 * Opens a queue that does so much at once and lets so many wait. `run` raises `unavailable` when as many wait already,
 * before anything of its work is done.
 */
export function openWorkQueue({ atOnce, waitingMax }: { atOnce: number; waitingMax: number }): WorkQueue {
  const waiting: (() => void)[] = [];
  let running = 0;
  const turn = async () => {
    if (running < atOnce) {
      running += 1;
      return;
    }
    if (waiting.length >= waitingMax) {
      throw new Fault('unavailable', 'too many sign in at once; try again in a moment', { retryAfterSeconds: 1 });
    }
    await new Promise<void>((resolve) => waiting.push(resolve));
  };
  const end = () => {
    // Whoever waits takes the place over, so nobody can slip in between.
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  };
  return {
    run: async (work) => {
      await turn();
      try {
        return await work();
      } finally {
        end();
      }
    },
    isIdle: () => running === 0,
  };
}
