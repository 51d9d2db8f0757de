import { Fault } from '#domain/fault.ts';

/** In which line a piece of work waits: whatever waits in the first is done before anything of the second. */
export type Line = 'first' | 'second';

/** Does pieces of work, some of them at once and the others in turn. */
export interface WorkQueue {
  /** Does work of the first line, unless it says the second. */
  readonly run: <T>(work: () => Promise<T>, line?: Line) => Promise<T>;
  /** Whether nothing is under way. */
  readonly isIdle: () => boolean;
}

/**
 * Opens a queue that does so much at once and lets so many wait in each line. `run` raises `unavailable` when as many wait
 * in its line already, before anything of its work is done.
 */
export function openWorkQueue({ atOnce, waitingMax }: { atOnce: number; waitingMax: number }): WorkQueue {
  const lines: Readonly<Record<Line, (() => void)[]>> = { first: [], second: [] };
  let running = 0;
  const turn = async (line: Line) => {
    if (running < atOnce) {
      running += 1;
      return;
    }
    const waiting = lines[line];
    if (waiting.length >= waitingMax) {
      throw new Fault('unavailable', 'too much is asked for at once; try again in a moment', { retryAfterSeconds: 1 });
    }
    await new Promise<void>((resolve) => waiting.push(resolve));
  };
  const end = () => {
    // Whoever waits takes the place over, so nobody can slip in between.
    const next = lines.first.shift() ?? lines.second.shift();
    if (next === undefined) running -= 1;
    else next();
  };
  return {
    run: async (work, line = 'first') => {
      await turn(line);
      try {
        return await work();
      } finally {
        end();
      }
    },
    isIdle: () => running === 0,
  };
}
