import { setTimeout as wait } from 'node:timers/promises';

/** Something that is done again and again beside the requests. Several servers may do it at once. */
export interface Worker {
  readonly name: string;
  /** The pause between the end of one run and the next, in milliseconds. */
  readonly everyMs: number;
  /** Does it once; where that takes long, it ends early when the server stops. */
  readonly run: (stopping?: AbortSignal) => Promise<void>;
}

/** The workers of a server while they run. */
export interface RunningWorkers {
  /** Begins no further run and waits for those under way. */
  readonly stop: () => Promise<void>;
}

/** Starts workers. One whose run fails is logged and tried again after its pause. */
export function startWorkers(
  workers: readonly Worker[],
  log: { readonly warn: (details: object, message: string) => void },
): RunningWorkers {
  const stopping = new AbortController();
  const running = workers.map((worker) => repeat(worker, stopping.signal, log));
  return {
    stop: async () => {
      stopping.abort();
      await Promise.all(running);
    },
  };
}

async function repeat(
  { name, everyMs, run }: Worker,
  signal: AbortSignal,
  log: Parameters<typeof startWorkers>[1],
): Promise<void> {
  while (!signal.aborted) {
    await run(signal).catch((error: unknown) =>
      log.warn({ err: error, worker: name }, 'a worker failed; it will try again'),
    );
    // A pause that is cut short is the end of it.
    await wait(everyMs, undefined, { signal }).catch(() => undefined);
  }
}
