import type { Logger } from 'pino';

/** One thing to end, in its turn. */
export interface ShutdownStep {
  readonly name: string;
  readonly run: () => Promise<void> | void;
}

/** The part of `process` that is used here. */
export interface ProcessEvents {
  readonly on: (event: string, listener: (cause: unknown) => void) => unknown;
  readonly exit: (code: number) => void;
}

export interface ShutdownOptions {
  readonly process: ProcessEvents;
  readonly log: Pick<Logger, 'info' | 'error' | 'fatal'>;
  /** The last should close the log. */
  readonly steps: readonly ShutdownStep[];
  /** Milliseconds that only ever grow. */
  readonly now?: () => number;
}

const exitCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/**
 * One Ctrl-C arrives twice under `npm start`: from the terminal, which tells every process in front, and from npm, which
 * passes on what it was told. Signals so soon after the first are taken for the same one.
 */
const echoMs = 300;

/**
 * Ends the process in order: on the first SIGTERM, SIGINT or SIGHUP (a closed terminal) the steps run one after another
 * and the process exits with 0; a second signal, later than `echoMs`, exits at once with 143, 130 or 129. A promise that
 * nobody waited for, or an error that nobody caught, is logged, and the steps run likewise, but the exit code is 1 (H-22).
 * A step that fails is logged, the next ones still run, and the exit code is 1. The function it gives starts the same
 * from within.
 */
export function exitInOrder({
  process,
  log,
  steps,
  now = () => performance.now(),
}: ShutdownOptions): (exitCode: number) => void {
  let since: number | undefined;
  const stop = (exitCode: number): void => {
    if (since !== undefined) return;
    since = now();
    void runSteps(steps, log, exitCode).then((code) => process.exit(code));
  };
  for (const [signal, code] of Object.entries(exitCodes)) {
    process.on(signal, () => {
      if (since !== undefined) return now() - since < echoMs ? undefined : process.exit(code);
      log.info({ signal }, 'stopping; a second signal stops at once');
      stop(0);
    });
  }
  for (const event of ['unhandledRejection', 'uncaughtException']) {
    process.on(event, (cause) => {
      log.fatal({ err: cause, event }, 'a bug: an error reached nobody; stopping');
      stop(1);
    });
  }
  return stop;
}

async function runSteps(steps: readonly ShutdownStep[], log: Pick<Logger, 'error'>, exitCode: number): Promise<number> {
  let code = exitCode;
  for (const { name, run } of steps) {
    try {
      await run();
    } catch (error) {
      log.error({ err: error, step: name }, 'a step of stopping failed; the next ones go on');
      code = 1;
    }
  }
  return code;
}
