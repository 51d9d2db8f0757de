import { Counter, collectDefaultMetrics, Histogram, Registry } from '@prometheus-io/client';

/** What is known of a request when its answer is ready. `route` is the pattern, never the path. */
export interface AnsweredRequest {
  readonly dialect: string;
  readonly route: string;
  readonly method: string;
  readonly status: number;
  readonly durationMs: number;
}

export interface Metrics {
  /** For other metrics of the same process. */
  readonly registry: Registry;
  readonly count: (request: AnsweredRequest) => void;
}

const labelNames = ['dialect', 'route', 'method', 'status'] as const;
const durationBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/**
 * Makes the metrics of one server: requests and their durations by dialect, route, method and class of status, and
 * those of the process, delay of the event loop and collection of garbage included.
 */
export function openMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 20 });
  const registers = [registry];
  const requests = new Counter({ name: 'http_requests_total', help: 'Requests answered.', labelNames, registers });
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the headers of a request to the start of its answer.',
    labelNames,
    registers,
    buckets: durationBuckets,
  });
  return {
    registry,
    count({ dialect, route, method, status, durationMs }) {
      const labels = { dialect, route, method, status: `${Math.floor(status / 100)}xx` };
      requests.inc(labels);
      durations.observe(labels, durationMs / 1000);
    },
  };
}

/** Rows of the request log by what became of them. */
export interface RequestLogCounts {
  readonly written: number;
  readonly dropped: number;
  readonly sampled: number;
}

/** Shows what became of the rows of the request log: written, dropped, or left out by sampling. */
export function watchRequestLog({ registry }: Metrics, counts: RequestLogCounts): void {
  new Counter({
    name: 'request_log_rows_total',
    help: 'Rows of the request log: written, dropped because the database was away or slow, left out by sampling.',
    labelNames: ['outcome'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [outcome, count] of Object.entries(counts)) this.inc({ outcome }, count);
    },
  });
}
