import { readdirSync, readFileSync } from 'node:fs';
import autocannon from 'autocannon';

/** What one run of requests cost. */
export interface Measured {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Processor time of the server and of Postgres for one request, in microseconds. */
  readonly cpuMicros: number;
  readonly failed: number;
}

export interface Load {
  readonly url: string;
  readonly seconds: number;
  readonly connections: number;
  /** The processes whose time counts. */
  readonly pids: readonly number[];
  /** What each request asks; called anew for every one. */
  readonly request: () => {
    method: 'GET' | 'POST' | 'PATCH';
    path: string;
    headers: Record<string, string>;
    body?: string;
  };
}

/** Sends requests over loopback for some seconds and measures them. */
export async function measure({ url, seconds, connections, pids, request }: Load): Promise<Measured> {
  const before = cpuMicros(pids);
  const result = await autocannon({
    url,
    duration: seconds,
    connections,
    requests: [{ setupRequest: (base) => ({ ...base, ...request() }) }],
  });
  const requests = result['2xx'] + result.non2xx;
  return {
    perSecond: requests / result.duration,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    cpuMicros: (cpuMicros(pids) - before) / Math.max(1, requests),
    failed: result.non2xx + result.errors,
  };
}

const tickMicros = 10_000;

/** Processor time that these processes and their children have used so far, those that have ended included. */
function cpuMicros(pids: readonly number[]): number {
  return [...pids, ...pids.flatMap(childrenOf)].reduce((sum, pid) => sum + cpuOf(pid), 0);
}

function cpuOf(pid: number): number {
  const fields = statOf(pid);
  return fields === undefined ? 0 : fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) * tickMicros;
}

function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && statOf(pid)?.[1] === String(parent));
}

/** The fields of /proc/pid/stat behind the name of the program, which may hold spaces. */
function statOf(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

/** The greatest memory that a process ever held, in MiB. */
export function peakMiB(pid: number): number {
  const line = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(line?.[1] ?? 0) / 1024;
}
