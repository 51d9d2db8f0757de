import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { plainPeer } from './address-list.ts';
import { newRequestId, requestIdHeader } from './request-id.ts';
import type { NoteRequest } from './request-record.ts';
import { requestedHost } from './requested-host.ts';

/** What an answer to a malformed request says, in the words of whoever the request was for. */
export interface MalformedAnswer {
  readonly contentType: string;
  readonly body: string;
}

/** Finds the words for a request that could not be read; `target` is its path and query, as far as it and the host arrived. */
export type WriteMalformed = (
  host: string | undefined,
  target: string,
  status: number,
  detail: string,
) => MalformedAnswer;

interface ParserError extends Error {
  readonly code?: string;
  readonly rawPacket?: Buffer;
}

const requestLine = /^([A-Z]{1,20}) (\S+)/;
const hostLine = /^host:[ \t]*(\S+)[ \t]*\r?$/im;

/** Every way in which Node gives up on a request before it is one, and what the client hears. */
const refusals: Readonly<Record<string, readonly [status: number, reason: string, detail: string]>> = {
  HPE_HEADER_OVERFLOW: [
    431,
    'Request Header Fields Too Large',
    'the URL and the headers are too long together; send less, or send it as a body',
  ],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout', 'the request took too long to arrive; send it again'],
};
const malformed = [400, 'Bad Request', 'this is no HTTP/1.1 request that can be read'] as const;

/**
 * Answers what Node cannot read as a request with the words of the API that it was for, where its path had arrived; Node
 * itself would answer without a body. What was refused is noted. H-14, R-016.
 */
export function refuseMalformed(server: Server, write: WriteMalformed, note?: NoteRequest): void {
  server.on('clientError', (error: ParserError, socket: Duplex) => {
    if (error.code === 'ECONNRESET' || !socket.writable) return socket.destroy();
    const [status, reason, detail] = refusals[error.code ?? ''] ?? malformed;
    const start = error.rawPacket?.toString('latin1', 0, 1_024) ?? '';
    const [, method = 'none', target = '/'] = requestLine.exec(start) ?? [];
    const id = newRequestId();
    const { remoteAddress } = socket as Socket;
    const address = remoteAddress === undefined ? {} : { address: plainPeer(remoteAddress) };
    const exchange = { startedMs: performance.now(), durationMs: 0, method, route: 'none', target, status };
    note?.({ id, ...address, detail }, exchange);
    const host = requestedHost(target, hostLine.exec(start)?.[1]);
    const { contentType, body } = write(host, target, status, detail);
    const head = `HTTP/1.1 ${status} ${reason}\r\nConnection: close\r\n${requestIdHeader}: ${id}\r\nContent-Type: ${contentType}`;
    return socket.end(`${head}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  });
}
