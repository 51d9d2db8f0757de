import { BlockList, isIP, isIPv6, SocketAddress } from 'node:net';

/** Whether an address, in the form that `plainAddress` gives, is one of a list. */
export type AddressList = (address: string) => boolean;

/** Makes a list of addresses and ranges such as `10.0.0.0/8`. Throws a TypeError or RangeError for what is neither. */
export function openAddressList(ranges: readonly string[]): AddressList {
  if (ranges.length === 0) return () => false;
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', bits] = range.split('/');
    if (bits === undefined) list.addAddress(address, familyOf(address));
    else list.addSubnet(address, Number(bits), familyOf(address));
  }
  return (address) => isIP(address) !== 0 && list.check(address, familyOf(address));
}

/**
 * An address in the one form in which it is compared, counted and shown: IPv4 also where it came as IPv6 (`::ffff:1.2.3.4`),
 * IPv6 in its shortest form and without zone. Undefined for what is no address.
 */
export function plainAddress(text: string): string | undefined {
  const family = isIP(text);
  if (family === 0) return undefined;
  return family === 4 ? text : withoutMapping(new SocketAddress({ address: text, family: 'ipv6' }).address);
}

/** The same for an address that the operating system gave, which has its shortest form already. */
export function plainPeer(address: string): string {
  if (!address.includes(':')) return address;
  const zone = address.indexOf('%');
  return withoutMapping(zone === -1 ? address : address.slice(0, zone));
}

function withoutMapping(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice('::ffff:'.length) : address;
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv6(address) ? 'ipv6' : 'ipv4';
}
