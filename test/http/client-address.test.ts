import { expect, test } from 'vitest';
import { openAddressList, plainAddress, plainPeer } from '#http/address-list.ts';
import { addressReader } from '#http/client-address.ts';

const proxies = openAddressList(['10.0.0.0/8', '192.0.2.7', 'fd00::/8']);
const read = addressReader(proxies);
const from = (remoteAddress: string, headers: Record<string, string> = {}, reader = read) =>
  reader(new Headers(headers), { incoming: { socket: { remoteAddress } } });
const forwarded = (remoteAddress: string, chain: string) => from(remoteAddress, { 'X-Forwarded-For': chain });

test('S-29, T-37: a client that is no trusted proxy is who it is, whatever its headers say', () => {
  const claims = {
    'X-Forwarded-For': '203.0.113.9',
    Forwarded: 'for=203.0.113.9',
    'X-Real-IP': '203.0.113.9',
    'X-Client-IP': '203.0.113.9',
    'True-Client-IP': '203.0.113.9',
  };
  expect(from('198.51.100.1', claims)).toBe('198.51.100.1');
  expect(from('10.0.0.1', claims, addressReader(openAddressList([])))).toBe('10.0.0.1');
});

test.each([
  ['one proxy names the client', '10.0.0.1', '203.0.113.9', '203.0.113.9'],
  ['what the client itself wrote stands left of what the proxy saw', '10.0.0.1', '1.1.1.1, 203.0.113.9', '203.0.113.9'],
  ['further trusted proxies are walked over', '10.0.0.1', '1.1.1.1, 203.0.113.9, 192.0.2.7,10.9.9.9', '203.0.113.9'],
  ['a client inside the trusted network is the leftmost', '10.0.0.1', '10.3.3.3, 10.0.0.2', '10.3.3.3'],
  ['a proxy that names nobody is the client', '10.0.0.1', '', '10.0.0.1'],
  ['what is no address ends the walk', '10.0.0.1', '203.0.113.9, unknown, 10.0.0.2', '10.0.0.2'],
  ['an empty entry ends the walk', '10.0.0.1', '203.0.113.9,', '10.0.0.1'],
  ['ports of IPv4 are left out', '10.0.0.1', '203.0.113.9:4711', '203.0.113.9'],
  ['brackets and ports of IPv6 are left out', '10.0.0.1', '[2001:db8::1]:4711', '2001:db8::1'],
  ['IPv6 proxies are trusted by range', 'fd00::1', '2001:DB8:0::1', '2001:db8::1'],
  ['an IPv4 proxy on a socket of IPv6 is the same proxy', '::ffff:10.0.0.1', '203.0.113.9', '203.0.113.9'],
  ['an IPv4 client named in IPv6 is the same client', '10.0.0.1', '::FFFF:cb00:7109', '203.0.113.9'],
  ['script and control characters are no address', '10.0.0.1', "203.0.113.9' or 1=1", '10.0.0.1'],
])('%s', (_why, peer, chain, client) => {
  expect(forwarded(peer, chain)).toBe(client);
});

test('a header of many trusted hops is walked to its end', () => {
  expect(forwarded('10.0.0.1', `203.0.113.9${',10.0.0.2'.repeat(1_500)}`)).toBe('203.0.113.9');
});

test('without a connection there is no address', () => {
  expect(read(new Headers(), undefined)).toBeUndefined();
  expect(read(new Headers(), { incoming: { socket: {} } })).toBeUndefined();
});

test('one address has one form', () => {
  expect(plainAddress('2001:0DB8:0:0:0:0:0:1')).toBe('2001:db8::1');
  expect(plainAddress('::ffff:192.0.2.1')).toBe('192.0.2.1');
  expect(plainAddress('192.0.2.300')).toBeUndefined();
  expect(plainPeer('::ffff:192.0.2.1')).toBe('192.0.2.1');
  expect(plainPeer('fe80::1%eth0')).toBe('fe80::1');
});
