import { type Logger, pino } from 'pino';
import { openLineWriter } from './line-writer.ts';

/** How much is logged, and to which file descriptor; standard output when absent. */
export interface LogOptions {
  readonly level: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'silent';
  readonly to?: number;
}

export interface Log {
  readonly log: Logger;
  /** Writes what is still held back. Takes a second at most. */
  readonly flush: () => Promise<void>;
  /** Flushes, and logs nothing more; for the last step before the process ends. */
  readonly close: () => Promise<void>;
}

/** Opens the log: JSON lines, written without blocking, a quarter of a second late at most. */
export function openLog({ level, to = 1 }: LogOptions): Log {
  const lines = openLineWriter(to);
  const log = pino(
    {
      level,
      base: null,
      timestamp: timestamps(),
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: describeError },
    },
    lines,
  );
  return { log, flush: lines.flush, close: lines.close };
}

/** The lines of one millisecond share the text of their time; making it costs as much as the rest of a line. */
function timestamps(): () => string {
  let madeAt = Number.NaN;
  let text = '';
  return () => {
    const now = Date.now();
    if (now !== madeAt) {
      madeAt = now;
      text = `,"time":"${new Date(now).toISOString()}"`;
    }
    return text;
  };
}

/**
 * Describes an error by its name, code, message and stack, and its causes likewise. Other properties stay out of the
 * log: those of a database error hold people's data.
 */
function describeError(error: unknown): Record<string, unknown> {
  const described: Record<string, unknown>[] = [];
  for (let cause = error; cause !== undefined && described.length < 5; cause = causeOf(cause)) {
    described.push(describeOne(cause));
  }
  const [first = {}, ...causes] = described;
  return causes.length === 0 ? first : { ...first, causes };
}

function describeOne(thrown: unknown): Record<string, unknown> {
  if (!(thrown instanceof Error)) return { message: `a thrown ${typeof thrown}` };
  const { name, message, stack } = thrown;
  return { name, message, stack, ...('code' in thrown ? { code: thrown.code } : {}) };
}

function causeOf(thrown: unknown): unknown {
  return thrown instanceof Error ? thrown.cause : undefined;
}
