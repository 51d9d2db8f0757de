import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface RawSocket {
  readonly socket: Socket;
  readonly received: () => string;
  /** Resolves when the text has come, and rejects when the connection closes before. */
  readonly waitFor: (text: string) => Promise<string>;
  /** Resolves with all that came when the other side has closed. */
  readonly closed: Promise<string>;
}

/** Opens a connection and sends the text as it is, which no HTTP client would. */
export async function openRaw(port: number, text: string): Promise<RawSocket> {
  const socket = connect(port, '127.0.0.1');
  socket.setEncoding('latin1');
  let all = '';
  socket.on('data', (chunk: string) => {
    all += chunk;
  });
  // A reset is an ending like any other here, so it must not reject.
  socket.on('error', () => undefined);
  const closed = new Promise<string>((resolve) => socket.once('close', () => resolve(all)));
  await once(socket, 'connect');
  socket.write(text, 'latin1');
  const waitFor = async (wanted: string): Promise<string> => {
    while (!all.includes(wanted)) {
      if (socket.closed) throw new Error(`closed before ${wanted} came, after: ${all}`);
      await Promise.race([once(socket, 'data'), closed]);
    }
    return all;
  };
  return { socket, received: () => all, waitFor, closed };
}

/** Sends the text and gives everything that came until the other side closed. */
export async function sendRaw(port: number, text: string): Promise<string> {
  return (await openRaw(port, text)).closed;
}

/** The status of the first answer in the text. */
export function statusOf(answer: string): number {
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]);
}
