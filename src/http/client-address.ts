import { type AddressList, plainAddress, plainPeer } from './address-list.ts';

/**
 * Gives the network address of the client; `env` is what the server gives hono beside the headers. Undefined where there is
 * no connection, as in a test without a server.
 */
export type ReadAddress = (headers: Headers, env: unknown) => string | undefined;

/**
 * Makes the reader of client addresses. The peer of the connection is the client, unless it is a trusted proxy: then
 * `X-Forwarded-For` is walked from its right end, where the nearest proxy wrote, over trusted addresses to the first that
 * is not trusted. What stands left of that anybody can have written. `Forwarded` (RFC 7239), `X-Real-IP` and
 * `X-Forwarded-Host` and `-Proto` decide nothing: a proxy that sets one of these headers passes on the others as the client
 * sent them, and links are made from PUBLIC_URL alone. R-013, T-37, S-29, H-15.
 */
export function addressReader(isTrusted: AddressList): ReadAddress {
  return (headers, env) => {
    const peer = peerOf(env);
    if (peer === undefined || !isTrusted(peer)) return peer;
    return walk(headers.get('x-forwarded-for') ?? '', peer, isTrusted).nearest;
  };
}

const forwarding = ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via'];

/**
 * Whether nobody who is trusted says where a request comes from: somebody else passed it on, or a trusted proxy did without an
 * address in `X-Forwarded-For`. Its client can be anywhere, also where the address is this machine's: the proxy's own.
 */
export function isClientHidden(headers: Headers, env: unknown, isTrusted: AddressList): boolean {
  const peer = peerOf(env);
  if (peer === undefined) return false;
  if (!isTrusted(peer)) return forwarding.some((name) => headers.has(name));
  return !walk(headers.get('x-forwarded-for') ?? '', peer, isTrusted).isWhole;
}

function peerOf(env: unknown): string | undefined {
  const { incoming } = (env ?? {}) as { readonly incoming?: { readonly socket?: { readonly remoteAddress?: string } } };
  const address = incoming?.socket?.remoteAddress;
  return address === undefined ? undefined : plainPeer(address);
}

/** The nearest address that is not trusted, else the first one; whole unless it is only that of a proxy that names nobody. */
interface Walked {
  readonly nearest: string;
  readonly isWhole: boolean;
}

/** An entry that is no address ends the walk at the proxy that wrote it. */
function walk(forwarded: string, peer: string, isTrusted: AddressList): Walked {
  let nearest = peer;
  for (let end = forwarded.length; end > 0; ) {
    const start = forwarded.lastIndexOf(',', end - 1) + 1;
    const address = plainAddress(withoutPort(forwarded.slice(start, end).trim()));
    if (address === undefined) return { nearest, isWhole: false };
    nearest = address;
    if (!isTrusted(nearest)) break;
    end = start - 1;
  }
  return { nearest, isWhole: forwarded !== '' };
}

const v4WithPort = /^([\d.]+):\d{1,5}$/;
const v6InBrackets = /^\[([^\]]*)\](?::\d{1,5})?$/;

/** Azure's gateways add the port. */
function withoutPort(entry: string): string {
  return (v4WithPort.exec(entry) ?? v6InBrackets.exec(entry))?.[1] ?? entry;
}
