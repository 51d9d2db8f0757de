import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createAdaptorServer, type HttpBindings } from '@hono/node-server';
import type { Logger } from 'pino';
import type { Limits } from './limits.ts';
import { explainListenError } from './listen-error.ts';
import { refuseMalformed, type WriteMalformed } from './refuse-malformed.ts';
import { requestIdHeader } from './request-id.ts';
import type { NoteRequest } from './request-record.ts';

const checkEveryMs = 1_000;
const closeIdleEveryMs = 100;
const silentMs = 1_000;

export interface ServerOptions {
  readonly fetch: (request: Request, env: HttpBindings) => Response | Promise<Response>;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly limits: Pick<Limits, 'headerBytes' | 'headersMs' | 'requestMs' | 'keepAliveMs' | 'connections'>;
  readonly log: Pick<Logger, 'warn' | 'error'>;
  /** The words for what is no request; without it Node answers with an empty body. */
  readonly writeMalformed?: WriteMalformed;
  /** Takes note of what is no request; nobody does when absent. */
  readonly note?: NoteRequest | undefined;
}

export interface RunningServer {
  readonly url: string;
  readonly port: number;
  /**
   * Takes no new connections, lets requests in flight finish with `Connection: close`, and cuts what is left after
   * the deadline. Resolves when every connection is closed; a second call waits for the same end.
   */
  readonly drain: (deadlineMs: number) => Promise<void>;
}

/**
 * Serves `fetch` over HTTP/1.1 with limits on time, size and connections (H-1, H-18). Resolves when it listens, and
 * throws an Error that says what to do when it cannot.
 */
export async function startServer({
  fetch,
  host,
  port,
  limits,
  log,
  writeMalformed,
  note,
}: ServerOptions): Promise<RunningServer> {
  const state = { draining: false };
  const answer = async (request: Request, env: HttpBindings) => {
    const response = await fetch(request, env);
    // Node would promise keep-alive, and the connection would outlive the drain (H-3).
    if (state.draining) env.outgoing.setHeader('Connection', 'close');
    tellOfBreak(response, env.outgoing, log);
    return response;
  };
  const server = createAdaptorServer({
    fetch: answer as Parameters<typeof createAdaptorServer>[0]['fetch'],
    serverOptions: {
      maxHeaderSize: limits.headerBytes,
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      keepAliveTimeout: limits.keepAliveMs,
      connectionsCheckingInterval: Math.min(checkEveryMs, limits.headersMs),
    },
  }) as Server;
  server.maxConnections = limits.connections;
  if (writeMalformed !== undefined) refuseMalformed(server, writeMalformed, note);
  const sockets = trackSockets(server);
  await listen(server, host, port);
  warnOfDrops(server, log);
  server.on('error', (error) => log.error({ err: error }, 'the HTTP server has a problem'));
  const taken = (server.address() as AddressInfo).port;
  let end: Promise<void> | undefined;
  return {
    url: urlOf(host, taken),
    port: taken,
    drain(deadlineMs) {
      state.draining = true;
      end ??= drainServer(server, sockets, deadlineMs);
      return end;
    },
  };
}

/** What fails after an answer has begun can only cut it off, and then the request's own line is written already. */
function tellOfBreak(response: Response, outgoing: HttpBindings['outgoing'], log: Pick<Logger, 'error'>): void {
  outgoing.once('close', () => {
    const { errored: err } = outgoing;
    if (err) log.error({ id: response.headers.get(requestIdHeader), err }, 'an answer broke off in the middle');
  });
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  const listening = once(server, 'listening');
  server.listen(port, host);
  try {
    await listening;
  } catch (error) {
    throw explainListenError(error, host, port);
  }
}

/** `close` stops Node's own timeouts (H-2), so a client that sends half a request is cut by the deadline here. */
async function drainServer(server: Server, sockets: ReadonlySet<Socket>, deadlineMs: number): Promise<void> {
  const closed = once(server, 'close');
  const start = performance.now();
  server.close();
  const sweep = setInterval(() => {
    server.closeIdleConnections();
    if (performance.now() - start > silentMs) closeSilent(sockets);
  }, closeIdleEveryMs);
  const deadline = setTimeout(() => server.closeAllConnections(), deadlineMs);
  await closed;
  clearInterval(sweep);
  clearTimeout(deadline);
}

/** A browser opens connections ahead of need; Node does not count one that has never sent a byte as idle. */
function closeSilent(sockets: ReadonlySet<Socket>): void {
  for (const socket of sockets) {
    if (socket.bytesRead === 0) socket.destroy();
  }
}

function trackSockets(server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return sockets;
}

/** One line in ten seconds: a flood of connections must not become a flood of log lines. */
function warnOfDrops(server: Server, log: Pick<Logger, 'warn'>): void {
  let dropped = 0;
  let warnedAt = Number.NEGATIVE_INFINITY;
  server.on('drop', () => {
    dropped += 1;
    if (performance.now() - warnedAt < 10_000) return;
    warnedAt = performance.now();
    log.warn({ dropped, connections: server.maxConnections }, 'too many connections are open; new ones are closed');
    dropped = 0;
  });
}

function urlOf(host: string, port: number): string {
  const reachable = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}
