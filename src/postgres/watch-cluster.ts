import { setTimeout as delay } from 'node:timers/promises';
import type { Cluster, Running } from './cluster.ts';
import { isRunning } from './postmaster.ts';

/** The watch over one running Postgres. */
export interface Watch {
  ready(): boolean;
  stop(): Promise<void>;
}

const watchMilliseconds = 1000;
const steadyMilliseconds = 10_000;
const backOffMilliseconds = 250;
const backOffMillisecondsMax = 30_000;

/**
 * Looks each second whether Postgres still runs, and has it started again when it does not: at once the first time, and
 * each time twice as late, up to half a minute, while it does not start or does not last ten seconds.
 */
export function watchCluster(
  cluster: Cluster,
  running: Running,
  start: () => Promise<Running>,
  log: (message: string, details?: object) => void,
): Watch {
  const stopping = new AbortController();
  let failures = 0;
  let startedAt = Date.now();
  let restart: Promise<void> | undefined;

  const look = () => {
    if (restart !== undefined || stopping.signal.aborted || isRunning(cluster.data)) return;
    if (Date.now() - startedAt > steadyMilliseconds) failures = 0;
    restart = startAgain().finally(() => (restart = undefined));
  };
  const lookAtEnd = (ended: Promise<string> | undefined) => void ended?.then(look);

  async function startAgain(): Promise<void> {
    log('PostgreSQL is gone and is started again', { failures });
    while (!stopping.signal.aborted) {
      const wait = failures === 0 ? 0 : Math.min(backOffMilliseconds * 2 ** failures, backOffMillisecondsMax);
      failures += 1;
      await delay(wait, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (!stopping.signal.aborted && (await starts())) return;
    }
  }

  async function starts(): Promise<boolean> {
    try {
      const again = await start();
      startedAt = Date.now();
      lookAtEnd(again.ended);
      log('PostgreSQL runs again', { adopted: again.adopted });
      return true;
    } catch (error) {
      log(error instanceof Error ? error.message : String(error));
      return false;
    }
  }

  lookAtEnd(running.ended);
  const timer = setInterval(look, watchMilliseconds).unref();
  return {
    ready: () => restart === undefined && !stopping.signal.aborted,
    stop: async () => {
      stopping.abort();
      clearInterval(timer);
      await restart;
    },
  };
}
