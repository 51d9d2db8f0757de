/** What becomes known of a request while it is served. Whoever learns a fact writes it here; the log line tells it. */
export interface RequestRecord {
  readonly id: string;
  dialect?: string;
  /** The network address of whoever is asking. */
  readonly address?: string;
  /** The tenant of whoever is asking. */
  tenant?: number | undefined;
  /** The id of whoever is asking; never the credential. */
  connection?: string;
  /** The id of the person who signed in. */
  person?: string | undefined;
  /** The id of the resource that the request is about. */
  resource?: string;
  /** The body as it was read. Nobody changes it afterwards. */
  body?: unknown;
  /** The kind of fault that the request ended with, as the dialect's error handler saw it. */
  fault?: string;
  /** What the answer says about the fault. */
  detail?: string;
  /** What a fault really came from; for the log, never for an answer. */
  cause?: unknown;
  /** Names of attributes that were sent and left out. */
  skipped?: readonly string[];
  /** Names of attributes whose value was read as another than was sent. */
  changed?: readonly string[];
}

/** A request with its answer, as the outermost layer sees them. */
export interface Exchange {
  /** In milliseconds of `performance.now()`. */
  readonly startedMs: number;
  readonly durationMs: number;
  readonly method: string;
  /** The pattern that the path matched. */
  readonly route: string;
  /** Path and query as sent. */
  readonly target: string;
  readonly status: number;
  readonly userAgent?: string | undefined;
}

/** Takes note of a request when its answer is ready. Never waits and never throws. */
export type NoteRequest = (record: RequestRecord, exchange: Exchange) => void;
